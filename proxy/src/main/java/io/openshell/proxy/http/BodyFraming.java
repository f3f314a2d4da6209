package io.openshell.proxy.http;

import java.util.List;

/** How the end of a body is told. */
public sealed interface BodyFraming {
    /** There is no body. */
    record None() implements BodyFraming {}

    /**
     * The body has a known length.
     *
     * @param bytes how many bytes
     */
    record Length(long bytes) implements BodyFraming {}

    /** The body comes in chunks, the last one empty. */
    record Chunked() implements BodyFraming {}

    /** The body ends with the connection; responses only. */
    record UntilClose() implements BodyFraming {}

    /**
     * Works the framing out from the fields, refusing whatever two readers could take differently.
     *
     * @param fields the fields of the head
     * @param absent what it means that neither length nor coding is given
     * @return the framing
     * @throws MalformedHttpException when the fields contradict each other or name an unknown coding
     */
    static BodyFraming of(List<Field> fields, BodyFraming absent) throws MalformedHttpException {
        var codings = Syntax.values(fields, "Transfer-Encoding");
        var lengths = Syntax.members(fields, "Content-Length");
        if (!codings.isEmpty()) {
            if (!lengths.isEmpty()) {
                throw new MalformedHttpException("both Content-Length and Transfer-Encoding");
            }
            if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                throw new MalformedHttpException("a Transfer-Encoding other than chunked");
            }
            return new Chunked();
        }
        if (lengths.isEmpty()) {
            return absent;
        }
        var length = lengths.getFirst();
        if (!lengths.stream().allMatch(length::equals)) {
            throw new MalformedHttpException("differing Content-Length values");
        }
        if (!Syntax.isDigits(length) || length.length() > 18) {
            throw new MalformedHttpException("Content-Length is not a number");
        }
        return new Length(Long.parseLong(length));
    }
}
