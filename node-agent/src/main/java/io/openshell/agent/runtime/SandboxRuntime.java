package io.openshell.agent.runtime;

import io.openshell.model.isolation.LayerReport;
import java.util.List;

/** Starts and removes sandboxes. All methods may block for some seconds: never call them on an event loop. Thread safe. */
public interface SandboxRuntime {
    /** Short stable name used in status and configuration, for example {@code linux}. */
    String name();

    /** Every kind of sandbox it starts, for people: a name, and a version where there is one. */
    default List<String> offers() {
        return List.of(name());
    }

    /** What this machine can enforce, without starting anything; never throws. */
    List<LayerReport> preflight();

    /** Starts a sandbox and its main process; every way this can go wrong is an outcome, nothing is thrown. */
    LaunchOutcome launch(LaunchRequest request);

    /** Ends processes that an earlier life of this agent left for the sandbox; its workspace stays. */
    void removeLeftovers(String sandboxId);

    /** As {@link #removeLeftovers}, and deletes the workspace and the user id reserved for it. */
    void purge(String sandboxId);
}
