package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What {@code http://policy.local} answers. Pure.
 *
 * @param json the body
 */
record LocalAnswer(int status, String json) {

    static LocalAnswer refused(int status, String error, String detail) {
        return new LocalAnswer(status, new JsonText().text("error", error).text("detail", detail).end());
    }

    static LocalAnswer policy(String yaml) {
        return new LocalAnswer(200, new JsonText().text("format", "yaml").text("policy_yaml", yaml).end());
    }

    static LocalAnswer denials(List<String> lines) {
        return new LocalAnswer(200, new JsonText().raw("denials", JsonText.list(lines)).end());
    }

    /** The answer to a proposal, one outcome per rule. */
    static LocalAnswer submitted(List<PolicyAdvisor.Submission> outcomes) {
        for (var outcome : outcomes) {
            if (outcome instanceof PolicyAdvisor.Submission.Unreachable) {
                return refused(503, "gateway_unavailable", "the gateway cannot be reached now; ask again later");
            }
            if (outcome instanceof PolicyAdvisor.Submission.Failed failed) {
                return refused(502, "gateway_error", failed.reason());
            }
        }
        List<String> ids = outcomes.stream().filter(PolicyAdvisor.Submission.Accepted.class::isInstance)
                .map(each -> ((PolicyAdvisor.Submission.Accepted) each).id()).toList();
        List<String> reasons = outcomes.stream().filter(PolicyAdvisor.Submission.Rejected.class::isInstance)
                .map(each -> ((PolicyAdvisor.Submission.Rejected) each).reason()).toList();
        return new LocalAnswer(202, new JsonText()
                .text("status", ids.isEmpty() ? "rejected" : "submitted")
                .number("accepted_chunks", ids.size())
                .number("rejected_chunks", reasons.size())
                .raw("rejection_reasons", JsonText.list(reasons))
                .raw("accepted_chunk_ids", JsonText.list(ids))
                .end());
    }

    static LocalAnswer state(PolicyAdvisor.State state, boolean waited) {
        var out = new JsonText().text("chunk_id", state.id()).text("status", state.status()).text("rule_name", state.ruleName());
        if (!state.reason().isEmpty()) {
            out.text(state.status().equals("rejected") ? "rejection_reason" : "reason", state.reason());
        }
        if (waited && state.status().equals("pending")) {
            out.raw("timed_out", "true");
        }
        if (waited && state.status().equals("approved")) {
            out.raw("policy_reloaded", Boolean.toString(state.reloaded()));
        }
        return new LocalAnswer(200, out.end());
    }

    static LocalAnswer unknown(String id) {
        return refused(404, "not_found", "this sandbox has no proposal " + id);
    }

    ByteBuf bytes() {
        var body = json.getBytes(StandardCharsets.UTF_8);
        var head = "HTTP/1.1 " + status + ' ' + ReplyWriter.phrase(status) + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length + "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n";
        return Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), body);
    }
}
