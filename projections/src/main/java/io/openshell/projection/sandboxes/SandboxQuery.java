package io.openshell.projection.sandboxes;

import java.util.Map;
import java.util.Optional;

/**
 * Which sandboxes to list.
 *
 * @param workspace empty for all
 * @param labels every pair must be present
 * @param offset rows to leave out
 * @param limit rows at the most
 */
public record SandboxQuery(Optional<String> workspace, Map<String, String> labels, int offset, int limit) {
    public SandboxQuery {
        labels = Map.copyOf(labels);
        if (offset < 0 || limit < 0) {
            throw new IllegalArgumentException("offset " + offset + " and limit " + limit + " must not be negative");
        }
    }
}
