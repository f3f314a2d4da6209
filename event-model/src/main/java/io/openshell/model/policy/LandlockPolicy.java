package io.openshell.model.policy;

import java.util.Optional;

/**
 * How strictly the file rules must bind.
 *
 * @param compatibility the text as written; {@link #mode()} is its meaning
 */
public record LandlockPolicy(String compatibility) {

    /** What to do when the kernel or a path does not allow the file rules to be applied. */
    public enum Mode { BEST_EFFORT, HARD_REQUIREMENT }

    /** The meaning of the text; empty for a text that is none of the known ones. */
    public Optional<Mode> mode() {
        return switch (compatibility) {
            case "", "best_effort" -> Optional.of(Mode.BEST_EFFORT);
            case "hard_requirement" -> Optional.of(Mode.HARD_REQUIREMENT);
            default -> Optional.empty();
        };
    }
}
