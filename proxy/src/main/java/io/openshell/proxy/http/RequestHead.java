package io.openshell.proxy.http;

import java.util.List;

/**
 * A request head that passed every check.
 *
 * @param method the method, a token
 * @param target the target as sent, without blanks or control characters
 * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
 * @param fields the header fields in order
 * @param framing how long the body is
 */
public record RequestHead(String method, String target, String version, List<Field> fields, BodyFraming framing) {
    /** Keeps its own copy of the fields. */
    public RequestHead {
        fields = List.copyOf(fields);
    }

    /** Leaves the target out: a secret may stand in it. */
    @Override
    public String toString() {
        return "RequestHead[" + method + ", " + fields + ", " + framing + "]";
    }

    /**
     * Says whether the client asks to go on in another protocol.
     *
     * @param protocol its name, in any case
     * @return true when an Upgrade field names it
     */
    public boolean wants(String protocol) {
        return hasMember("Upgrade", protocol);
    }

    /**
     * Looks into the list a field holds.
     *
     * @param field the field
     * @param member what is looked for, in any case
     * @return true when it is there
     */
    public boolean hasMember(String field, String member) {
        return Syntax.hasMember(fields, field, member);
    }

    /**
     * Says whether the client wants to send another request on the same connection.
     *
     * @return false when the connection ends with this request
     */
    public boolean isPersistent() {
        return version.equals("HTTP/1.1") && !hasMember("Connection", "close");
    }

    /**
     * Collects what a field says.
     *
     * @param name the field
     * @return its values in order, one for each time it stands in the head
     */
    public List<String> all(String name) {
        return Syntax.values(fields, name);
    }
}
