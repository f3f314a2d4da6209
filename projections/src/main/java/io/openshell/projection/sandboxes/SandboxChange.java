package io.openshell.projection.sandboxes;

/** What subscribers are told. */
public sealed interface SandboxChange {

    /** The sandbox now looks like this. */
    record Updated(SandboxView view) implements SandboxChange {}

    /** The sandbox is gone. */
    record Removed(String sandboxId) implements SandboxChange {}
}
