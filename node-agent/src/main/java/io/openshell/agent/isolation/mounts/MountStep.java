package io.openshell.agent.isolation.mounts;

/** One step in building the root view. Targets are relative to the new root unless said otherwise. */
public sealed interface MountStep {
    /** A directory. */
    record Directory(String target) implements MountStep {}

    /** A symbolic link. */
    record Link(String target, String to) implements MountStep {}

    /** A host path made visible; {@code createFile} makes an empty file to put it on. */
    record Bind(String host, String target, boolean createFile) implements MountStep {}

    /** Changes a mount and everything beneath it. */
    record Restrict(String target, boolean readOnly, boolean noDevices) implements MountStep {}

    /** A fresh file system in memory (or of terminals). */
    record Fresh(String type, String target, String options, boolean noDevices, boolean noExec) implements MountStep {}

    /** What the view already shows at a place, from now on read-only there. */
    record ReadOnlyInPlace(String target) implements MountStep {}

    /** The process list of the sandbox alone. */
    record Proc() implements MountStep {}
}
