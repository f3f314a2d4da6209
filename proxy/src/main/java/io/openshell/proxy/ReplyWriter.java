package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Writes replies as HTTP/1.1 responses that end their connection. Pure. */
final class ReplyWriter {
    static final String ESTABLISHED = "HTTP/1.1 200 Connection Established\r\n\r\n";

    private ReplyWriter() {}

    /** The bytes of a reply, or empty when nothing is said. */
    static Optional<ByteBuf> write(Reply reply, String decisionId) {
        return switch (reply) {
            case Reply.Drop drop -> Optional.empty();
            case Reply.Bare bare -> Optional.of(response(bare.status(), "", ""));
            case Reply.Text text -> Optional.of(response(text.status(), "text/plain; charset=utf-8", text.text()));
            case Reply.Json json -> Optional.of(response(json.status(), "application/json", body(json, decisionId)));
        };
    }

    private static ByteBuf response(int status, String type, String body) {
        var content = body.getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder("HTTP/1.1 ").append(status).append(' ').append(phrase(status)).append("\r\n");
        if (!type.isEmpty()) {
            head.append("Content-Type: ").append(type).append("\r\n");
        }
        head.append("Content-Length: ").append(content.length).append("\r\nConnection: close\r\n\r\n");
        return Unpooled.wrappedBuffer(head.toString().getBytes(StandardCharsets.US_ASCII), content);
    }

    private static String phrase(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 431 -> "Request Header Fields Too Large";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            default -> "Refused";
        };
    }

    private static String body(Reply.Json json, String decisionId) {
        var out = new StringBuilder("{");
        member(out, "error", json.error()).append(',');
        member(out, "detail", json.detail()).append(',');
        json.reason().ifPresent(reason -> member(out, "reason", reason).append(','));
        return member(out, "decision_id", decisionId).append('}').toString();
    }

    private static StringBuilder member(StringBuilder out, String name, String value) {
        out.append('"').append(name).append("\":\"");
        for (char c : value.toCharArray()) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"');
    }
}
