package io.openshell.cli;

/** Exit statuses of the command line. The status of a program in a sandbox is passed on as it is. */
public final class ExitCodes {
    /** Success. */
    public static final int OK = 0;

    /** The gateway or the machine refused; one line on stderr tells why. */
    public static final int FAILURE = 1;

    /** Unknown flag, missing or conflicting argument. */
    public static final int USAGE = 2;

    /** A policy refuses what was asked about. */
    public static final int DENIED = 3;

    /** Something asked for did not happen within its limit. */
    public static final int TIMEOUT = 124;

    private ExitCodes() {}
}
