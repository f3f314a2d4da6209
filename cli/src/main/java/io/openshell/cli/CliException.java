package io.openshell.cli;

/** A failure that the user can act on: one line that says what is wrong and what to do, and the exit status. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** A failure with exit status 1. */
    public CliException(String message) {
        this(message, ExitCodes.FAILURE);
    }

    /** A failure with its own exit status. */
    public CliException(String message, int exitCode) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /** The exit status of the process. */
    public int exitCode() {
        return exitCode;
    }
}
