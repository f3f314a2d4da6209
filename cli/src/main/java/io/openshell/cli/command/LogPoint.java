package io.openshell.cli.command;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Points of the log on the command line, in the form that gateways read. */
public final class LogPoint {
    private LogPoint() {}

    /** A time, an age such as {@code 10m}, {@code PARTITION:OFFSET}, or an event id. */
    public static String parse(String text) {
        if (text.matches("[0-9]{1,6}:[0-9]{1,18}") || text.matches("[A-Za-z0-9._/-]{1,400}@[1-9][0-9]{0,17}")) {
            return text;
        }
        try {
            return time(text).toString();
        } catch (DateTimeException e) {
            throw new CliException("'" + text + "' is no point of the log; give a time such as 2026-01-31T12:00:00Z, an age such"
                    + " as 10m, PARTITION:OFFSET, or an event id (`openshell history -o json` shows them).", ExitCodes.USAGE);
        }
    }

    /** The time that a flag gives: a time, or an age such as {@code 10m}. */
    public static Instant time(String flag, String text) {
        try {
            return time(text);
        } catch (DateTimeException e) {
            throw new CliException(flag + " needs a time such as 2026-01-31T12:00:00Z, or an age such as 10m, not '" + text
                    + "'.", ExitCodes.USAGE);
        }
    }

    /**
     * A time, or an age such as {@code 10m}. A time without an offset is UTC, as everywhere in the output.
     *
     * @throws DateTimeException when it is neither
     */
    private static Instant time(String text) {
        if (text.matches("[0-9]{1,9}[smh]")) {
            return Instant.now().minus(Parsers.duration(text));
        }
        String iso = text.replace(' ', 'T');
        return iso.matches(".*(Z|[+-][0-9]{2}:?[0-9]{2})$")
                ? OffsetDateTime.parse(iso).toInstant()
                : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    }
}
