package io.openshell.proxy;

import java.util.List;
import java.util.stream.Collectors;

/** What a refused program is told that may ask for a rule. Pure. */
final class Guidance {
    private static final String TEXT = "The policy of this sandbox refused this, and looking for a way around it will not help. If the task"
            + " needs it, propose the narrowest rule that allows it and wait for the decision; a proposal grants nothing by itself."
            + " Otherwise go on without it and say so.";

    private Guidance() {}

    /** One thing that can be done next. */
    private record Step(String action, String method, String url) {
        String json() {
            return new JsonText().text("action", action).text("method", method).text("url", url).end();
        }
    }

    static void add(JsonText out) {
        List<Step> steps = List.of(
                new Step("read_policy", "GET", "http://policy.local/v1/policy/current"),
                new Step("read_denials", "GET", "http://policy.local/v1/denials?last=10"),
                new Step("propose_rule", "POST", "http://policy.local/v1/proposals"),
                new Step("wait_for_decision", "GET", "http://policy.local/v1/proposals/{chunk_id}/wait?timeout=300"));
        out.raw("next_steps", steps.stream().map(Step::json).collect(Collectors.joining(",", "[", "]")))
                .text("agent_guidance", TEXT);
    }
}
