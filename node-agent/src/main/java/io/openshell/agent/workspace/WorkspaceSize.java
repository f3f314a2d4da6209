package io.openshell.agent.workspace;

import io.openshell.model.isolation.LayerReport;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The size a sandbox's workspace was wanted to have, and whether it has it.
 *
 * @param bytes that were asked for; 0 when nobody asked
 * @param gap why it has none although one was asked for
 */
public record WorkspaceSize(Workspace workspace, long bytes, Optional<String> gap) {

    /** As the workspace is now. */
    public static WorkspaceSize of(Workspace workspace, long bytes) {
        return new WorkspaceSize(workspace, bytes, workspace.gap(bytes));
    }

    /** What is said of the shares as a whole, with what holds for the workspace of the sandbox with this first process. */
    public LayerReport over(LayerReport groups, int initPid) {
        if (bytes <= 0) {
            return groups;
        }
        Optional<String> open = missing(initPid).map(why -> "the workspace has no limit: " + why);
        return switch (groups) {
            case LayerReport.Enforced e when open.isEmpty() -> new LayerReport.Enforced(e.kind(), e.detail() + ", workspace " + text());
            case LayerReport.Enforced e -> new LayerReport.Weakened(e.kind(), open.get());
            case LayerReport.Weakened w -> open.isEmpty() ? w : new LayerReport.Weakened(w.kind(), w.missing() + "; " + open.get());
            case LayerReport.Absent a -> a;
        };
    }

    /** For the attestation. */
    public Map<String, String> readBack(int initPid) {
        return bytes <= 0 ? Map.of() : Map.of("workspace", missing(initPid).map(why -> "no limit: " + why)
                .orElseGet(() -> text() + ", a file system of its own, seen from inside"));
    }

    private Optional<String> missing(int initPid) {
        if (gap.isPresent()) {
            return gap;
        }
        try {
            return workspace.seenBy(initPid) ? Optional.empty() : Optional.of("it is not seen from inside");
        } catch (IOException e) {
            return Optional.of("it could not be looked at from inside: " + e.getMessage());
        }
    }

    private String text() {
        return bytes >> 20 << 20 == bytes ? (bytes >> 20) + " MiB" : bytes + " bytes";
    }
}
