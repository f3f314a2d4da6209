package io.openshell.model;

/**
 * Who asks for something.
 *
 * @param subject name of the person, node or gateway
 * @param authenticatedBy how that was proved: {@code unix-socket}, {@code mtls}, {@code node-key}, {@code internal}
 */
public record Actor(Kind kind, String subject, String authenticatedBy) {

    /** Kinds of actor. */
    public enum Kind {
        USER,
        NODE,
        GATEWAY
    }

    /** Whether this is the node with the given id. */
    public boolean isNode(String nodeId) {
        return kind == Kind.NODE && subject.equals(nodeId);
    }
}
