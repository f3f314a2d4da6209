package io.openshell.proxy.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes the heads a forwarding proxy passes on: fields that belong to one hop go, its own come. Pure. */
public final class Hop {
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection", "keep-alive", "proxy-connection", "proxy-authorization", "proxy-authenticate", "te", "trailer",
            "upgrade", "http2-settings");
    private static final String VIA = "1.1 openshell-sandbox";

    private Hop() {}

    /**
     * Writes the request for the upstream in origin form and in the client's version, which tells what it can read, for one
     * request per connection.
     *
     * @param head the client's head
     * @param url where it goes
     * @return the bytes of the new head
     */
    public static byte[] request(RequestHead head, HttpUrl url) {
        var out = new StringBuilder(512);
        line(out, head.method() + " " + url.originForm() + " " + head.version());
        line(out, "Host: " + url.hostField());
        passed(out, head.fields(), true);
        line(out, "Connection: close");
        return finished(out, StandardCharsets.UTF_8);
    }

    /**
     * Writes the response for the client.
     *
     * @param head the upstream's head
     * @return the bytes of the new head
     */
    public static byte[] response(ResponseHead head) {
        var out = new StringBuilder(512);
        line(out, "HTTP/1.1 " + head.status() + " " + head.reason());
        passed(out, head.fields(), false);
        if (!head.isInterim()) {
            line(out, "Connection: close");
        }
        return finished(out, StandardCharsets.ISO_8859_1);
    }

    private static void passed(StringBuilder out, List<Field> fields, boolean request) {
        Set<String> nominated = Syntax.members(fields, "Connection").stream()
                .map(option -> option.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        for (var field : fields) {
            var name = field.name().toLowerCase(Locale.ROOT);
            boolean dropped = HOP_BY_HOP.contains(name) || nominated.contains(name) || request && name.equals("host");
            if (!dropped) {
                line(out, field.name() + ": " + field.value());
            }
        }
        if (request && fields.stream().noneMatch(field -> field.is("Via"))) {
            line(out, "Via: " + VIA);
        }
    }

    private static void line(StringBuilder out, String text) {
        out.append(text).append("\r\n");
    }

    private static byte[] finished(StringBuilder out, Charset charset) {
        return out.append("\r\n").toString().getBytes(charset);
    }
}
