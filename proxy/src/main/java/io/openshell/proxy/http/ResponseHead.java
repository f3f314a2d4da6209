package io.openshell.proxy.http;

import java.util.List;
import java.util.Optional;

/**
 * A response head that passed every check.
 *
 * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
 * @param status the status code, 100 to 999
 * @param reason the reason phrase, possibly empty
 * @param fields the header fields in order
 * @param framing how long the body is
 */
public record ResponseHead(String version, int status, String reason, List<Field> fields, BodyFraming framing) {
    /** Keeps its own copy of the fields. */
    public ResponseHead {
        fields = List.copyOf(fields);
    }

    /**
     * Says whether another head follows for the same request.
     *
     * @return true for 1xx other than 101
     */
    public boolean isInterim() {
        return status < 200 && status != 101;
    }

    /**
     * Says whether the upstream takes another request on the same connection.
     *
     * @return false when the connection ends with this response
     */
    public boolean isPersistent() {
        boolean framed = switch (framing) {
            case BodyFraming.None none -> true;
            case BodyFraming.Length length -> true;
            case BodyFraming.Chunked chunked -> true;
            case BodyFraming.UntilClose untilClose -> false;
        };
        return framed && version.equals("HTTP/1.1") && !Syntax.hasMember(fields, "Connection", "close");
    }

    /**
     * Reads a field that must stand alone.
     *
     * @param name the field
     * @return its value; empty when it is missing or there are several
     */
    public Optional<String> only(String name) {
        var values = Syntax.values(fields, name);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }
}
