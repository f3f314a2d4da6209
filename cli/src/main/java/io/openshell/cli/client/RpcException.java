package io.openshell.cli.client;

/** A call that did not succeed: the gateway's answer, or UNAVAILABLE when there was none. */
public final class RpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RpcCode code;

    /** A refusal with the text for the user. */
    public RpcException(RpcCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** What kind of failure it was. */
    public RpcCode code() {
        return code;
    }
}
