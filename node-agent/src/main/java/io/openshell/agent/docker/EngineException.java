package io.openshell.agent.docker;

/** The engine did not do what it was asked. */
public final class EngineException extends Exception {
    private static final long serialVersionUID = 1L;
    private final Kind kind;

    /** What to make of it. */
    public enum Kind {
        /** It does not answer. */
        UNAVAILABLE,
        /** It knows no such thing. */
        UNKNOWN,
        /** It refused, and said why. */
        REFUSED
    }

    EngineException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What to make of it. */
    public Kind kind() {
        return kind;
    }
}
