package io.openshell.model.policy;

import java.util.Optional;

/**
 * MCP settings of an endpoint.
 *
 * @param strictToolNames refuse unusual tool names; absent means true
 * @param allowAllKnownMethods allow every known method without rules; absent means false
 */
public record McpOptions(Optional<Boolean> strictToolNames, Optional<Boolean> allowAllKnownMethods) {
    /** Whether tool names are checked strictly. */
    public boolean strict() {
        return strictToolNames.orElse(true);
    }

    /** Whether every known method is allowed without rules. */
    public boolean allowsAllKnownMethods() {
        return allowAllKnownMethods.orElse(false);
    }
}
