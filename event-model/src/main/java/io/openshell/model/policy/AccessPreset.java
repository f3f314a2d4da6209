package io.openshell.model.policy;

import java.util.Optional;

/** Ready-made sets of allow rules. */
public enum AccessPreset {
    /** No preset: only explicit rules count. */
    NONE, READ_ONLY, READ_WRITE, FULL;

    /** The preset an {@code access} text names; empty result for an unknown text. */
    public static Optional<AccessPreset> parse(String text) {
        return switch (text) {
            case "" -> Optional.of(NONE);
            case "read-only" -> Optional.of(READ_ONLY);
            case "read-write" -> Optional.of(READ_WRITE);
            case "full" -> Optional.of(FULL);
            default -> Optional.empty();
        };
    }
}
