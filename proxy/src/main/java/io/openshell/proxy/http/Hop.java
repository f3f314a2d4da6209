package io.openshell.proxy.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes the heads a forwarding proxy passes on: fields that belong to one hop go, its own come. Pure. */
public final class Hop {
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection", "keep-alive", "proxy-connection", "proxy-authorization", "proxy-authenticate", "te", "trailer",
            "upgrade", "http2-settings");
    private static final Set<String> REFRAMED = Set.of("content-length", "transfer-encoding", "trailer", "expect");
    private static final String VIA = "1.1 openshell-sandbox";

    private Hop() {}

    /** What becomes of a connection after the message a head belongs to. */
    public enum After {
        /** It ends. */
        CLOSE,
        /** It carries another message. */
        KEEP,
        /** It carries a WebSocket, as the client offered it. */
        WEBSOCKET,
        /** It carries a WebSocket without extensions, so that its messages can be read. */
        PLAIN_WEBSOCKET
    }

    /**
     * Writes a forwarded request for the upstream in origin form and in the client's version, which tells what it can read, for
     * one request per connection.
     *
     * @param head the client's head
     * @param url where it goes
     * @return the bytes of the new head
     */
    public static byte[] request(RequestHead head, HttpUrl url) {
        var out = new StringBuilder(512);
        start(out, head, url, 80);
        if (head.fields().stream().noneMatch(field -> field.is("Via"))) {
            line(out, "Via: " + VIA);
        }
        ending(out, After.CLOSE);
        return finished(out, StandardCharsets.UTF_8);
    }

    /**
     * Writes a request of a tunnel for the upstream, in origin form and in the client's version.
     *
     * @param head the client's head
     * @param url where it goes
     * @param defaultPort the port the Host field leaves out
     * @param after what becomes of the connection
     * @return the bytes of the new head
     */
    public static byte[] request(RequestHead head, HttpUrl url, int defaultPort, After after) {
        var out = new StringBuilder(512);
        start(out, head, url, defaultPort);
        ending(out, after);
        return finished(out, StandardCharsets.UTF_8);
    }

    private static void start(StringBuilder out, RequestHead head, HttpUrl url, int defaultPort) {
        line(out, head.method() + " " + url.originForm() + " " + head.version());
        line(out, "Host: " + url.hostField(defaultPort));
        passed(out, head.fields(), true);
    }

    private static void ending(StringBuilder out, After after) {
        switch (after) {
            case CLOSE -> line(out, "Connection: close");
            case KEEP -> { }
            case WEBSOCKET, PLAIN_WEBSOCKET -> {
                line(out, "Connection: Upgrade");
                line(out, "Upgrade: websocket");
            }
        }
    }

    /**
     * Writes the response for the client.
     *
     * @param head the upstream's head
     * @param after what becomes of the connection
     * @return the bytes of the new head
     */
    public static byte[] response(ResponseHead head, After after) {
        var out = new StringBuilder(512);
        line(out, "HTTP/1.1 " + head.status() + " " + head.reason());
        passed(out, head.fields(), false);
        if (!head.isInterim()) {
            ending(out, after);
        }
        return finished(out, StandardCharsets.ISO_8859_1);
    }

    /**
     * Copies the head of a request whose body was collected: it is sent in one piece and expects nothing any more.
     *
     * @param head the head
     * @param bytes the length of the body
     * @return the head that fits
     */
    public static RequestHead withLength(RequestHead head, int bytes) {
        var fields = new ArrayList<Field>();
        for (var field : head.fields()) {
            if (!REFRAMED.contains(field.name().toLowerCase(Locale.ROOT))) {
                fields.add(field);
            }
        }
        fields.add(new Field("Content-Length", Integer.toString(bytes)));
        return new RequestHead(head.method(), head.target(), head.version(), fields, new BodyFraming.Length(bytes));
    }

    /**
     * Copies a head without one field.
     *
     * @param head the head
     * @param name the field to leave out
     * @return the head without it
     */
    public static RequestHead without(RequestHead head, String name) {
        var fields = head.fields().stream().filter(field -> !field.is(name)).toList();
        return new RequestHead(head.method(), head.target(), head.version(), fields, head.framing());
    }

    private static void passed(StringBuilder out, List<Field> fields, boolean request) {
        Set<String> nominated = nominated(fields);
        for (var field : fields) {
            var name = field.name().toLowerCase(Locale.ROOT);
            boolean dropped = HOP_BY_HOP.contains(name) || nominated.contains(name) || request && name.equals("host");
            if (!dropped) {
                line(out, field.name() + ": " + field.value());
            }
        }
    }

    private static Set<String> nominated(List<Field> fields) {
        for (var field : fields) {
            if (field.is("Connection")) {
                return Syntax.members(fields, "Connection").stream()
                        .map(option -> option.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
            }
        }
        return Set.of();
    }

    private static void line(StringBuilder out, String text) {
        out.append(text).append("\r\n");
    }

    private static byte[] finished(StringBuilder out, Charset charset) {
        return out.append("\r\n").toString().getBytes(charset);
    }
}
