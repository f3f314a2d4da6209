package io.openshell.model.sandbox;

import java.time.Instant;

/**
 * Why a sandbox is in its phase.
 *
 * @param reason stable CamelCase word
 * @param message one sentence for a person; may be empty
 * @param since when it became so
 */
public record Condition(boolean ready, String reason, String message, Instant since) {

    /** When it became so, in milliseconds since 1970. */
    public long sinceMillis() {
        return since.toEpochMilli();
    }
}
