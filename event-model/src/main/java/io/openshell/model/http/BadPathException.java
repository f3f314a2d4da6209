package io.openshell.model.http;

/** Says why a path has no canonical form; the text never holds the path. */
public final class BadPathException extends Exception {
    private static final long serialVersionUID = 1L;

    BadPathException(String reason) {
        super(reason, null, false, false);
    }
}
