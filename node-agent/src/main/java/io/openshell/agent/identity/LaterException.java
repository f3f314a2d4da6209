package io.openshell.agent.identity;

/** The answer takes longer than the asker wants to wait. */
final class LaterException extends Exception {
    private static final long serialVersionUID = 1L;

    LaterException() {
        super("it takes longer", null, false, false);
    }
}
