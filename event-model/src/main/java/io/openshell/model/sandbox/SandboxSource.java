package io.openshell.model.sandbox;

/** What the files of a sandbox come from. */
public sealed interface SandboxSource {

    /** Begins the text of a {@link Rootfs}. */
    String ROOTFS = "rootfs:";

    /** As it is written in requests and events. */
    String text();

    /** The system directories of the node's own host, read-only. */
    record Host() implements SandboxSource {
        @Override
        public String text() {
            return "";
        }
    }

    /** A container image, by a name its engine knows. */
    record Image(String reference) implements SandboxSource {
        @Override
        public String text() {
            return reference;
        }
    }

    /** A file tree that was brought to the node before, by the name it has there. */
    record Rootfs(String name) implements SandboxSource {
        @Override
        public String text() {
            return ROOTFS + name;
        }
    }

    /** Reads what {@link #text} wrote. */
    static SandboxSource of(String text) {
        if (text.isEmpty()) {
            return new Host();
        }
        return text.startsWith(ROOTFS) ? new Rootfs(text.substring(ROOTFS.length())) : new Image(text);
    }
}
