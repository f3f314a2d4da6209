package io.openshell.projection.past;

/** The past was not told. The message is one sentence for a person. */
public final class PastUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    /** Why, for code that reacts to it. */
    public enum Reason {
        /** No such way to name a point. */
        MALFORMED,
        /** The point lies before the first event of the log. */
        BEFORE_LOG,
        /** The point has not been reached yet. */
        FUTURE,
        /** The log holds no such event or partition. */
        UNKNOWN,
        /** What there was does not fit into the memory set aside for it. */
        TOO_LARGE,
        /** The log could not be read, or not in time. */
        LOG
    }

    /** Says why. */
    public PastUnavailable(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** The same, with what lies behind it. */
    public PastUnavailable(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
