package io.openshell.projection.sandboxes;

import io.openshell.model.sandbox.SandboxState;

/**
 * One live sandbox.
 *
 * @param version of its stream; clients see it as the resource version
 */
public record SandboxView(SandboxState.Live state, long version) {

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
