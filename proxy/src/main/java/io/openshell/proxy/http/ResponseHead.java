package io.openshell.proxy.http;

import java.util.List;

/**
 * A response head that passed every check.
 *
 * @param status the status code, 100 to 999
 * @param reason the reason phrase, possibly empty
 * @param fields the header fields in order
 * @param framing how long the body is
 */
public record ResponseHead(int status, String reason, List<Field> fields, BodyFraming framing) {
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
}
