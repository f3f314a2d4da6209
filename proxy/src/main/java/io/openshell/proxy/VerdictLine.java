package io.openshell.proxy;

import java.nio.charset.StandardCharsets;

/** Writes a verdict in the one-line shorthand of the activity log, without its time stamp. Pure. */
public final class VerdictLine {
    private static final int REASON_BYTES = 256;

    private VerdictLine() {}

    /**
     * Formats a verdict. What a workload controls cannot break the line: control characters become {@code ?}.
     *
     * @param verdict the decision
     * @return for example {@code NET:OPEN [INFO] ALLOWED /usr/bin/curl(12) -> h:443 [policy:k engine:l4]}
     */
    public static String format(Verdict verdict) {
        var line = new StringBuilder(160);
        line.append(printable(verdict.activity()));
        line.append(verdict.allowed() ? " [INFO] ALLOWED " : " [MED] DENIED ");
        line.append(printable(verdict.binary())).append('(').append(verdict.pid()).append(") -> ");
        line.append(printable(verdict.target()));
        line.append(" [policy:").append(printable(verdict.policyKey()));
        line.append(" engine:").append(printable(verdict.engine())).append(']');
        if (!verdict.reason().isEmpty()) {
            line.append(" [reason:").append(shortened(printable(verdict.reason()))).append(']');
        }
        return line.toString();
    }

    private static String printable(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(isUnsafe(c) ? '?' : c));
        return clean.toString();
    }

    private static boolean isUnsafe(int c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.FORMAT
                || type == Character.SURROGATE;
    }

    private static String shortened(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length <= REASON_BYTES) {
            return text;
        }
        var kept = new StringBuilder();
        int bytes = 0;
        for (int c : text.codePoints().toArray()) {
            bytes += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > REASON_BYTES) {
                break;
            }
            kept.appendCodePoint(c);
        }
        return kept.toString();
    }
}
