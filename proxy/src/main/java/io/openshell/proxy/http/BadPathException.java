package io.openshell.proxy.http;

/** Says why a path has no canonical form. */
final class BadPathException extends Exception {
    private static final long serialVersionUID = 1L;

    BadPathException(String reason) {
        super(reason, null, false, false);
    }
}
