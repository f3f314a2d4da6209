package io.openshell.gateway.grpc;

import org.jspecify.annotations.Nullable;

/** The gateway cannot take calls; the message is one sentence that says what to do. */
public final class StartFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says why. */
    public StartFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
