package io.openshell.projection.history.store;

import io.openshell.log.Position;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in the order of log time, then partition, then offset. */
public record PageToken(Instant logTime, Position position) {

    private static final Pattern TEXT = Pattern.compile("(-?[0-9]{1,15})\\.([0-9]{1,6})\\.([0-9]{1,18})");

    /** The place of an event. */
    public static PageToken of(StoredEvent event) {
        return new PageToken(event.logTime(), event.position());
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static PageToken parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no page token");
        }
        try {
            return new PageToken(Instant.ofEpochMilli(Long.parseLong(matcher.group(1))),
                    new Position(Integer.parseInt(matcher.group(2)), Long.parseLong(matcher.group(3))));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is no page token", e);
        }
    }

    /** The text form. */
    @Override
    public String toString() {
        return logTime.toEpochMilli() + "." + position.partition() + "." + position.offset();
    }
}
