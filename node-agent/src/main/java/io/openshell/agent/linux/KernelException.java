package io.openshell.agent.linux;

/** A system call failed; carries the operation and errno. Without a stack trace's cost, as it crosses sealed threads. */
public final class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String operation;
    private final int errno;

    public KernelException(String operation, int errno) {
        super(operation + ": " + Errno.name(errno), null, false, false);
        this.operation = operation;
        this.errno = errno;
    }

    /** What was attempted. */
    public String operation() {
        return operation;
    }

    /** The kernel's error number. */
    public int errno() {
        return errno;
    }
}
