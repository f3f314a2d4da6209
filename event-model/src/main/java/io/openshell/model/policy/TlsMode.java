package io.openshell.model.policy;

import java.util.Optional;

/** What happens to TLS on the way to an endpoint. */
public enum TlsMode {
    /** TLS is detected and terminated. */
    AUTO,
    /** TLS bytes are relayed untouched. */
    SKIP;

    /** The meaning of a {@code tls} text; two old texts mean {@link #AUTO}. Empty result for an unknown text. */
    public static Optional<TlsMode> parse(String text) {
        return switch (text) {
            case "", "terminate", "passthrough" -> Optional.of(AUTO);
            case "skip" -> Optional.of(SKIP);
            default -> Optional.empty();
        };
    }
}
