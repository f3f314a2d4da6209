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
}
