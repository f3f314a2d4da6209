package io.openshell.projection.history.store;

/** The file of the history store cannot be used as it is. */
public final class StoreFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean damaged;

    StoreFailed(String message, Throwable cause, boolean damaged) {
        super(message, cause);
        this.damaged = damaged;
    }

    /** Whether the file itself is broken, so that only feeding a new one helps. */
    public boolean damaged() {
        return damaged;
    }
}
