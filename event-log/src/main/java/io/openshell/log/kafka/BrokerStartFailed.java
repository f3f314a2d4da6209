package io.openshell.log.kafka;

/** The broker inside the process did not start. The message is one sentence an operator can act on. */
public final class BrokerStartFailed extends Exception {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    /** Why, for code that reacts to it. */
    public enum Reason {
        /** Another broker, here or in another process, holds the directory. */
        DIRECTORY_IN_USE,
        /** A given port is taken. */
        PORT_IN_USE,
        /** The file system of the directory has no space left. */
        DISK_FULL,
        /** The directory cannot be made, read or written. */
        DIRECTORY_UNUSABLE,
        /** Anything else; see the cause. */
        OTHER
    }

    BrokerStartFailed(Reason reason, String sentence) {
        super(sentence);
        this.reason = reason;
    }

    BrokerStartFailed(Reason reason, String sentence, Throwable cause) {
        super(sentence, cause);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
