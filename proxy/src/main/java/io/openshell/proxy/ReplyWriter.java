package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Writes replies as HTTP/1.1 responses that end their connection. Pure. */
final class ReplyWriter {
    static final String ESTABLISHED = "HTTP/1.1 200 Connection Established\r\n\r\n";

    private ReplyWriter() {}

    /** The bytes of a reply, or empty when nothing is said. */
    static Optional<ByteBuf> write(Reply reply, String decisionId) {
        return switch (reply) {
            case Reply.Drop drop -> Optional.empty();
            case Reply.Bare bare -> Optional.of(response(bare.status(), "", "", ""));
            case Reply.Text text -> Optional.of(response(text.status(), "text/plain; charset=utf-8", "", text.text()));
            case Reply.Json json -> Optional.of(response(json.status(), "application/json", "", body(json, decisionId)));
            case Reply.Denied denied -> Optional.of(response(
                    403, "application/json", policyField(denied.denial().policyKey()), body(denied.denial(), decisionId)));
        };
    }

    private static ByteBuf response(int status, String type, String more, String body) {
        var content = body.getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder("HTTP/1.1 ").append(status).append(' ').append(phrase(status)).append("\r\n");
        if (!type.isEmpty()) {
            head.append("Content-Type: ").append(type).append("\r\n");
        }
        head.append(more).append("Content-Length: ").append(content.length).append("\r\nConnection: close\r\n\r\n");
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
        var out = new JsonText().text("error", json.error()).text("detail", json.detail());
        json.reason().ifPresent(reason -> out.text("reason", reason));
        return out.text("decision_id", decisionId).end();
    }

    private static String body(RequestDenial denial, String decisionId) {
        var missing = where(new JsonText().text("type", "rest_allow").text("layer", "l7"), denial).end();
        var out = new JsonText()
                .text("error", "policy_denied")
                .text("policy", denial.policyKey())
                .text("rule", denial.method() + " " + denial.path())
                .text("detail", denial.detail())
                .text("layer", "l7")
                .text("protocol", "rest");
        where(out, denial).raw("rule_missing", missing);
        denial.nearest().ifPresent(nearest -> out.raw("nearest_rule", new JsonText()
                .text("policy", nearest.policyKey())
                .text("rule", nearest.rule())
                .text("differs_in", nearest.miss().name().toLowerCase(Locale.ROOT))
                .end()));
        return out.raw("next_steps", "[]").text("decision_id", decisionId).end();
    }

    private static JsonText where(JsonText out, RequestDenial denial) {
        out.text("method", denial.method()).text("path", denial.path())
                .text("host", denial.authority().host()).number("port", denial.authority().port());
        return denial.binary().isEmpty() ? out : out.text("binary", denial.binary());
    }

    /** A key may hold any character a document can; only what a field value can carry is kept. */
    private static String policyField(String key) {
        return "X-OpenShell-Policy: " + key.replaceAll("[^\\x21-\\x7e]", "?") + "\r\n";
    }
}
