package io.openshell.cli.command;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values on the command line, read the same way everywhere. */
public final class Parsers {
    private Parsers() {}

    /** KEY=VALUE pairs; the first equals sign splits, a later pair of the same key wins. */
    public static Map<String, String> pairs(String flag, List<String> texts) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new CliException(flag + " needs KEY=VALUE, not '" + text.split("=", 2)[0] + "'.", ExitCodes.USAGE);
            }
            pairs.put(text.substring(0, equals), text.substring(equals + 1));
        }
        return pairs;
    }

    /** 30s, 5m, 1h or 30d. */
    public static Duration duration(String text) {
        if (!text.matches("[0-9]{1,9}[smhd]")) {
            throw new CliException("'" + text + "' is not a duration; write 30s, 5m, 1h or 30d.", ExitCodes.USAGE);
        }
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** A number that is not below the least one. */
    public static int atLeast(String flag, int least, int number) {
        if (number < least) {
            throw new CliException(flag + " is at least " + least + ", not " + number + ".", ExitCodes.USAGE);
        }
        return number;
    }

    /** A moment to the second, in UTC. */
    public static String time(long epochMillis) {
        // Without a formatter, whose classes take longer to set up than a list to print.
        LocalDateTime moment = LocalDateTime.ofEpochSecond(Math.floorDiv(epochMillis, 1000L), 0, ZoneOffset.UTC);
        return moment.toLocalDate() + " " + digits(moment.getHour()) + ":" + digits(moment.getMinute()) + ":"
                + digits(moment.getSecond());
    }

    private static String digits(int number) {
        return number < 10 ? "0" + number : String.valueOf(number);
    }
}
