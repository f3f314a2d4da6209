package io.openshell.wire.events;

/** Bytes of the log that this release cannot read: corrupt, or written by a newer release. */
public final class UndecodableRecord extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Says what could not be read, without its content. */
    public UndecodableRecord(String what) {
        super(what);
    }

    /** The same, with what the parser said. */
    public UndecodableRecord(String what, Throwable cause) {
        super(what, cause);
    }
}
