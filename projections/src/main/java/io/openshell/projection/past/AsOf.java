package io.openshell.projection.past;

import io.openshell.log.Position;
import io.openshell.model.StreamId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A point of the log, as somebody names it. */
public sealed interface AsOf {

    /** Everything the log took up to this time, inclusive. */
    record Moment(Instant time) implements AsOf {}

    /** Everything up to this record, inclusive, and of other partitions what the log took no later. */
    record Offset(Position position) implements AsOf {}

    /** Everything up to the last event of the command that caused this one, and of other partitions what came no later. */
    record AtEvent(StreamId stream, long version) implements AsOf {}

    /** Characters at the most. */
    int LONGEST = 512;

    /**
     * Reads a time (RFC 3339), {@code PARTITION:OFFSET}, or an event id ({@code STREAM@VERSION}).
     *
     * @throws PastUnavailable when the text is none of them
     */
    static AsOf parse(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            throw malformed(text);
        }
        try {
            Matcher offset = Pattern.compile("([0-9]{1,6}):([0-9]{1,18})").matcher(text);
            if (offset.matches()) {
                return new Offset(new Position(Integer.parseInt(offset.group(1)), Long.parseLong(offset.group(2))));
            }
            Matcher event = Pattern.compile("(.+)@([1-9][0-9]{0,17})").matcher(text);
            if (event.matches()) {
                return new AtEvent(StreamId.parse(event.group(1)), Long.parseLong(event.group(2)));
            }
            return new Moment(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException | IllegalArgumentException e) {
            throw malformed(text);
        }
    }

    private static PastUnavailable malformed(String text) {
        String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
        return new PastUnavailable(PastUnavailable.Reason.MALFORMED, "'" + shown + "' is no point of the log; give a time"
                + " such as 2026-01-31T12:00:00Z, PARTITION:OFFSET, or an event id");
    }
}
