package io.openshell.proxy.http;

/** Says why bytes are not acceptable HTTP/1; the text never holds what the peer sent. */
public final class MalformedHttpException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one without a stack trace: it is an expected outcome of reading from strangers.
     *
     * @param reason what is wrong
     */
    public MalformedHttpException(String reason) {
        super(reason, null, false, false);
    }
}
