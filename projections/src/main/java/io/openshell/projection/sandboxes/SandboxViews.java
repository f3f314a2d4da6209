package io.openshell.projection.sandboxes;

import io.openshell.projection.Subscription;
import java.util.function.Consumer;

/** Reads of the sandboxes as they are now, which can be followed. Never blocks; safe for any thread. */
public interface SandboxViews extends SandboxReads {

    /**
     * Tells about every change once, on the fold's thread: listeners must not block. A reader that subscribes first and
     * reads then misses nothing; it may be told what it has read already, which the view's version shows.
     */
    Subscription onChange(Consumer<SandboxChange> listener);
}
