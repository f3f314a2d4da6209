package io.openshell.agent.runtime;

/** Bytes that are shown to nobody. */
public record Secret(byte[] bytes) {
    /** Nothing. */
    public static final Secret NONE = new Secret(new byte[0]);

    /** Keeps its own copy. */
    public Secret {
        bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether there is nothing. */
    public boolean isEmpty() {
        return bytes.length == 0;
    }

    @Override
    public String toString() {
        return "Secret";
    }
}
