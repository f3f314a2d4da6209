package io.openshell.projection.sandboxes;

import io.openshell.model.sandbox.SandboxState;
import io.openshell.projection.PoisonedStream;
import java.util.Optional;

/**
 * One live sandbox.
 *
 * @param version of its stream; clients see it as the resource version
 * @param stopped why this is not the newest state there is: the stream holds a record this release cannot read behind it
 */
public record SandboxView(SandboxState.Live state, long version, Optional<PoisonedStream> stopped) {

    /** One that is up to date. */
    public SandboxView(SandboxState.Live state, long version) {
        this(state, version, Optional.empty());
    }

    /** Its identity. */
    public String id() {
        return state.request().sandboxId();
    }

    /** Its name. */
    public String name() {
        return state.request().name();
    }

    /** Its workspace. */
    public String workspace() {
        return state.request().workspace();
    }
}
