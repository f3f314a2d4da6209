package io.openshell.model.policy;

import java.util.Optional;

/** Whether a refused request is blocked or only recorded. */
public enum Enforcement {
    AUDIT, ENFORCE;

    /** The meaning of an {@code enforcement} text, where empty means audit; empty result for an unknown text. */
    public static Optional<Enforcement> parse(String text) {
        return switch (text) {
            case "", "audit" -> Optional.of(AUDIT);
            case "enforce" -> Optional.of(ENFORCE);
            default -> Optional.empty();
        };
    }
}
