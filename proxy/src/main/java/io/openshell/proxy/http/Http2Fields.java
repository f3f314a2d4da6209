package io.openshell.proxy.http;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Turns the fields of HTTP/2 into the heads decisions are made about, and back. What may stand only in HTTP/1, or twice, is
 * refused: the same request must mean the same to everybody. Pure.
 */
public final class Http2Fields {
    private static final Set<String> CONNECTION =
            Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade", "http2-settings");
    private static final Set<String> NOT_PASSED = Set.of("host", "proxy-authorization", "proxy-authenticate", "te");
    private static final String VERSION = "HTTP/2";

    private Http2Fields() {}

    /**
     * Reads a request.
     *
     * @param headers its fields
     * @param whole whether no body follows
     * @return its head; the authority stands in Host fields
     * @throws MalformedHttpException when anything about it could be understood differently
     */
    public static RequestHead request(Http2Headers headers, boolean whole) throws MalformedHttpException {
        var method = single(headers, ":method");
        var path = single(headers, ":path");
        var scheme = single(headers, ":scheme");
        if (!Syntax.isToken(method) || !scheme.equals("https")) {
            throw new MalformedHttpException("the method is not a token or the scheme is another one");
        }
        if (!path.startsWith("/") || !path.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new MalformedHttpException("the path has blanks, control or non-ASCII characters");
        }
        var fields = new ArrayList<Field>();
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            add(header.getKey().toString(), header.getValue().toString(), fields);
        }
        if (fields.stream().noneMatch(field -> field.is("Host"))) {
            throw new MalformedHttpException("no authority");
        }
        BodyFraming none = new BodyFraming.None();
        var framing = BodyFraming.of(fields, whole ? none : new BodyFraming.Chunked());
        return new RequestHead(method, path, VERSION, fields, whole ? none : framing);
    }

    private static void add(String name, String value, List<Field> fields) throws MalformedHttpException {
        if (name.equals(":authority")) {
            fields.add(new Field("Host", value));
            return;
        }
        if (name.startsWith(":")) {
            if (!Set.of(":method", ":path", ":scheme").contains(name)) {
                throw new MalformedHttpException("a pseudo field that is not known");
            }
            return;
        }
        requirePlain(name, value);
        fields.add(new Field(name, value));
    }

    private static void requirePlain(String name, String value) throws MalformedHttpException {
        boolean lower = name.equals(name.toLowerCase(Locale.ROOT));
        boolean forbidden = CONNECTION.contains(name) || name.equals("te") && !value.equals("trailers");
        if (!Syntax.isToken(name) || !lower || forbidden || Syntax.hasControl(value)) {
            throw new MalformedHttpException("a field that HTTP/2 does not know");
        }
    }

    private static String single(Http2Headers headers, String name) throws MalformedHttpException {
        var values = headers.getAll(name);
        if (values.size() != 1 || values.getFirst().isEmpty()) {
            throw new MalformedHttpException("a pseudo field is missing or stands twice");
        }
        return values.getFirst().toString();
    }

    /**
     * Writes the request for the upstream.
     *
     * @param head the client's head
     * @param url where it goes
     * @param defaultPort the port the authority leaves out
     * @return the fields
     */
    public static Http2Headers forUpstream(RequestHead head, HttpUrl url, int defaultPort) {
        Http2Headers headers = new DefaultHttp2Headers(false)
                .method(head.method()).scheme("https").authority(url.hostField(defaultPort)).path(url.originForm());
        for (var field : head.fields()) {
            var name = field.name().toLowerCase(Locale.ROOT);
            if (!NOT_PASSED.contains(name)) {
                headers.add(name, field.value());
            }
        }
        if (head.fields().stream().anyMatch(field -> field.is("te"))) {
            headers.add("te", "trailers");
        }
        return headers;
    }

    /**
     * Checks fields after a body.
     *
     * @param trailers the fields
     * @throws MalformedHttpException when something stands there that belongs to the head
     */
    public static void requireTrailers(Http2Headers trailers) throws MalformedHttpException {
        for (Map.Entry<CharSequence, CharSequence> trailer : trailers) {
            var name = trailer.getKey().toString();
            requirePlain(name, trailer.getValue().toString());
            if (name.startsWith(":") || name.equals("host") || name.equals("content-length")) {
                throw new MalformedHttpException("a field that cannot stand after a body");
            }
        }
    }
}
