package io.openshell.log;

/** The log did not take or give a record within its bound. The operation may still take effect; asking again is safe. */
public final class LogUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Cause kind;

    /** Which bound was met. */
    public enum Cause {
        /** Too many records are under way; nothing was sent. */
        FULL,
        /** No acknowledgement, or no answer, before the deadline; the record may or may not be in the log. */
        DEADLINE,
        /** The log refused the record, or this side of it is closed; nothing was recorded. */
        REFUSED
    }

    public LogUnavailable(Cause kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }

    public LogUnavailable(Cause kind, String sentence, Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
    }

    /** Which bound was met. */
    public Cause kind() {
        return kind;
    }
}
