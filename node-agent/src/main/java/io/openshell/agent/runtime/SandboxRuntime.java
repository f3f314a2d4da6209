package io.openshell.agent.runtime;

import io.openshell.model.isolation.LayerReport;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts and removes sandboxes. All methods may block for some seconds: never call them on an event loop. Thread safe. */
public interface SandboxRuntime {
    /** Short stable name used in status and configuration, for example {@code linux}. */
    String name();

    /** Every kind of sandbox it starts, for people: a name, and a version where there is one. */
    default List<String> offers() {
        return List.of(name());
    }

    /**
     * Tells, from now on, when {@link #offers} has become another list, and why. One listener; called from a thread of the runtime's,
     * which it may hold up for some seconds.
     */
    default void onOffersChanged(Consumer<String> reasons) {}

    /**
     * Tells the ids of sandboxes that somebody has just paused or let go on, as soon as that is known;
     * {@link RunningSandbox#paused} is the truth. One listener; called from a thread of the runtime's, which it does not hold up.
     */
    default void onPauses(Consumer<String> sandboxIds) {}

    /** What this machine can enforce, without starting anything; never throws. */
    List<LayerReport> preflight();

    /** Starts a sandbox and its main process; every way this can go wrong is an outcome, nothing is thrown. */
    LaunchOutcome launch(LaunchRequest request);

    /** What an earlier life of this agent wrote down of the sandbox it may have left running. */
    default Optional<KeptRun> kept(String sandboxId) {
        return Optional.empty();
    }

    /**
     * Takes over what {@link #kept} told of, once every part of it has proved to be what was written down. The request is the one
     * it was started from; only its certificates are not looked at. Nothing is thrown and nothing is ended: after any other outcome
     * than an adoption call {@link #removeLeftovers}.
     */
    default AdoptOutcome adopt(LaunchRequest request) {
        return new AdoptOutcome.NotAdopted("this runtime's sandboxes end with their agent");
    }

    /** Ends processes that an earlier life of this agent left for the sandbox; its workspace stays. */
    void removeLeftovers(String sandboxId);

    /** As {@link #removeLeftovers}, and deletes the workspace and the user id reserved for it. */
    void purge(String sandboxId);
}
