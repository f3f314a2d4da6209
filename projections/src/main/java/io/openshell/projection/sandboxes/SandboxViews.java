package io.openshell.projection.sandboxes;

import io.openshell.projection.Subscription;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads of the sandboxes. Never blocks; safe for any thread. */
public interface SandboxViews {

    /** The live sandbox of this name. */
    Optional<SandboxView> find(String workspace, String name);

    /** The live sandbox with this id. */
    Optional<SandboxView> byId(String sandboxId);

    /** Sandboxes by workspace, then name. */
    List<SandboxView> list(SandboxQuery query);

    /**
     * Tells about every change once, on the fold's thread: listeners must not block. A reader that subscribes first and
     * reads then misses nothing; it may be told what it has read already, which the view's version shows.
     */
    Subscription onChange(Consumer<SandboxChange> listener);
}
