package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Writes replies as HTTP/1.1 responses that end their connection. Pure. */
final class ReplyWriter {
    static final String ESTABLISHED = "HTTP/1.1 200 Connection Established\r\n\r\n";

    private static final String JSON = "application/json";

    private ReplyWriter() {}

    /**
     * What a reply says, in whichever version of HTTP it is said.
     *
     * @param status the status
     * @param type the type of the body; empty when there is none
     * @param policyKey the entry that decided; empty when it is not told
     * @param body the body
     */
    record Said(int status, String type, String policyKey, String body) {}

    /**
     * The words of a reply, or empty when nothing is said.
     *
     * @param advised whether the program can ask for a rule, which it is told then
     */
    static Optional<Said> said(Reply reply, String decisionId, boolean advised) {
        return switch (reply) {
            case Reply.Drop drop -> Optional.empty();
            case Reply.Bare bare -> Optional.of(new Said(bare.status(), "", "", ""));
            case Reply.Text text -> Optional.of(new Said(text.status(), "text/plain; charset=utf-8", "", text.text()));
            case Reply.Json json -> Optional.of(new Said(json.status(), JSON, "", body(json, decisionId, advised)));
            case Reply.Denied denied -> Optional.of(
                    new Said(403, JSON, denied.denial().policyKey(), body(denied.denial(), decisionId, advised)));
        };
    }

    /** The bytes of a reply, or empty when nothing is said. */
    static Optional<ByteBuf> write(Reply reply, String decisionId, boolean advised) {
        return said(reply, decisionId, advised).map(ReplyWriter::response);
    }

    private static ByteBuf response(Said said) {
        var content = said.body().getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder("HTTP/1.1 ").append(said.status()).append(' ').append(phrase(said.status())).append("\r\n");
        if (!said.type().isEmpty()) {
            head.append("Content-Type: ").append(said.type()).append("\r\n");
        }
        if (!said.policyKey().isEmpty()) {
            head.append("X-OpenShell-Policy: ").append(fieldValue(said.policyKey())).append("\r\n");
        }
        head.append("Content-Length: ").append(content.length).append("\r\nConnection: close\r\n\r\n");
        return Unpooled.wrappedBuffer(head.toString().getBytes(StandardCharsets.US_ASCII), content);
    }

    static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 202 -> "Accepted";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 431 -> "Request Header Fields Too Large";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            default -> "Refused";
        };
    }

    private static String body(Reply.Json json, String decisionId, boolean advised) {
        var out = new JsonText().text("error", json.error()).text("detail", json.detail());
        json.reason().ifPresent(reason -> out.text("reason", reason));
        if (advised && json.error().equals("policy_denied")) {
            Guidance.add(out);
        }
        return out.text("decision_id", decisionId).end();
    }

    private static String body(RequestDenial denial, String decisionId, boolean advised) {
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
        if (advised) {
            Guidance.add(out);
        } else {
            out.raw("next_steps", "[]");
        }
        return out.text("decision_id", decisionId).end();
    }

    private static JsonText where(JsonText out, RequestDenial denial) {
        out.text("method", denial.method()).text("path", denial.path())
                .text("host", denial.authority().host()).number("port", denial.authority().port());
        return denial.binary().isEmpty() ? out : out.text("binary", denial.binary());
    }

    /** A key may hold any character a document can; only what a field value can carry is kept. */
    static String fieldValue(String key) {
        return key.replaceAll("[^\\x21-\\x7e]", "?");
    }
}
