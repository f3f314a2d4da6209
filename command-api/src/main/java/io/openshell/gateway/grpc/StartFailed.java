package io.openshell.gateway.grpc;

/** The gateway cannot take calls; the message is one sentence that says what to do. */
public final class StartFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says why. */
    public StartFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
