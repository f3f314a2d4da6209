package io.openshell.agent.runtime;

import io.openshell.agent.identity.CallerLookup;
import io.openshell.model.isolation.LayerReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A started sandbox. Thread safe. */
public interface RunningSandbox {
    /** The stable id. */
    String sandboxId();

    /** The id of this run. */
    String instanceId();

    /** One report per layer, as verified after start. */
    List<LayerReport> layers();

    /** What the kernel itself said of the main process after start. */
    Map<String, String> evidence();

    /**
     * A socket that listens at 10.200.0.1:3128 in the sandbox's network namespace; the caller adopts it, serves it
     * and closes it. Given out once: the descriptor belongs to the caller after the first call.
     */
    int proxyListenerFd();

    /** The main process. */
    ProcessSession main();

    /** Starts another process with the same seal; blocks for some milliseconds. Fails while the sandbox is {@link #paused}. */
    ProcessSession exec(ExecRequest request) throws LaunchException;

    /** Finds the owner of a connection to the proxy. */
    CallerLookup callers();

    /** What its programs do without asking the proxy. */
    default DirectTraffic direct() {
        return DirectTraffic.unseen("this runtime does not look");
    }

    /**
     * Lets go of it without ending anything, so that the next agent can take it over; its egress and its sessions end. A runtime
     * whose sandboxes cannot be taken over stops it.
     */
    default void release() {
        stop();
    }

    /** Why it ended without having been stopped from here: somebody else ended all of it. Empty while it runs. */
    default Optional<String> lost() {
        return Optional.empty();
    }

    /** What holds all its processes still from outside, and the way out; empty while they run. Reads a kernel file. */
    default Optional<String> paused() {
        return Optional.empty();
    }

    /** What it wanted beyond its shares since it was asked last. Reads some kernel files. */
    default List<LimitHit> limitHits() {
        return List.of();
    }

    /** Kills every process, paused or not, and frees everything; returns when all is gone, within ten seconds. May be called again. */
    void stop();
}
