package io.openshell.proxy;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The query of a request as it is recorded: names stay, so that rules about queries can be tried later; values stay unless their
 * name says that they are secret or they are long enough to be one. Pure.
 */
final class RecordedQuery {
    static final String HIDDEN = "[REDACTED]";

    private static final Pattern SECRET = Pattern.compile(
            "token|secret|passw|pwd|key|auth|sig|cred|session|jwt|code|otp|pin|nonce|assertion|cookie|bearer|hash");
    private static final int LONGEST_VALUE = 40;
    private static final int MOST_PARTS = 32;

    private RecordedQuery() {}

    /** What is recorded of a query, with or without its question mark; empty for an empty one. */
    static String of(String query) {
        var text = query.startsWith("?") ? query.substring(1) : query;
        if (text.isEmpty()) {
            return "";
        }
        var out = new StringBuilder();
        var parts = text.split("&", MOST_PARTS + 1);
        for (int i = 0; i < Math.min(parts.length, MOST_PARTS); i++) {
            out.append(i == 0 ? "" : "&").append(part(parts[i]));
        }
        return Redaction.of(parts.length > MOST_PARTS ? out.append("&...").toString() : out.toString());
    }

    private static String part(String part) {
        int equals = part.indexOf('=');
        var name = equals < 0 ? part : part.substring(0, equals);
        boolean secret = name.indexOf('%') >= 0 || SECRET.matcher(name.toLowerCase(Locale.ROOT)).find();
        if (equals < 0) {
            return name.length() <= LONGEST_VALUE ? name : HIDDEN;
        }
        boolean hidden = secret || part.length() - equals - 1 > LONGEST_VALUE;
        return (name.length() <= LONGEST_VALUE ? name : HIDDEN) + "=" + (hidden ? HIDDEN : part.substring(equals + 1));
    }
}
