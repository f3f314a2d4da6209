package io.openshell.projection.sandboxes;

import java.util.List;
import java.util.Optional;

/** Reads of the sandboxes at one point of the log. Of now they never block; of the past they may. Any thread. */
public interface SandboxReads {

    /** The live sandbox of this name. */
    Optional<SandboxView> find(String workspace, String name);

    /** The live sandbox with this id. */
    Optional<SandboxView> byId(String sandboxId);

    /** Sandboxes by workspace, then name. */
    List<SandboxView> list(SandboxQuery query);
}
