package io.openshell.wire.events;

/** Bytes of the log that this release cannot read: corrupt, or written by a newer release. */
public final class UndecodableRecord extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean newer;

    /** Says what could not be read, without its content. */
    public UndecodableRecord(String what) {
        super(what);
        this.newer = false;
    }

    /** The same, with what the parser said. */
    public UndecodableRecord(String what, Throwable cause) {
        super(what, cause);
        this.newer = false;
    }

    private UndecodableRecord(String what, boolean newer) {
        super(what);
        this.newer = newer;
    }

    /** A record that is whole, but says what only a newer release understands. */
    static UndecodableRecord ofNewerRelease(String what) {
        return new UndecodableRecord(what + " of a newer release", true);
    }

    /** Whether a newer release would read it. Then nothing is wrong with the log, and nothing may be left out. */
    public boolean newer() {
        return newer;
    }
}
