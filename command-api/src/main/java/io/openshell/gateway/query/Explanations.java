package io.openshell.gateway.query;

import io.openshell.model.Surroundings;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.egress.NearestRule;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.global.GlobalRevision;
import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.review.Judgement;
import io.openshell.model.review.NearestEntry;
import io.openshell.model.review.PolicyReview;
import io.openshell.model.review.RecordedRequest;
import io.openshell.model.review.Suggestion;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.ProvidedRules;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.projection.verdicts.VerdictLine;
import io.openshell.wire.control.v1.Explanation;
import io.openshell.wire.policy.MergeCodec;
import java.net.InetAddress;
import java.util.Optional;
import java.util.SortedMap;

/** Recorded decisions in the words of the policy that made them. Pure. */
final class Explanations {
    /** In place of a provider's name when the rule is of one that is not attached any more. */
    private static final String DETACHED = "(not attached any more)";

    private Explanations() {}

    /** Explains a decision; without its sandbox the policy of then is not at hand. */
    static Explanation of(VerdictLine line, Optional<SandboxView> sandbox, Surroundings around) {
        Explanation.Builder message = Explanation.newBuilder()
                .setDecisionId(line.decisionId())
                .setSandboxId(line.sandboxId())
                .setTime(PolicyReviewEndpoint.timestamp(line.time()))
                .setAllowed(line.allowed())
                .setRequest(request(line))
                .setPolicyVersion(line.policyVersion())
                .setPolicyKey(line.policyKey())
                .setReasonCode(line.code().map(Enum::name).orElse(""))
                .setReason(line.reason());
        sandbox.ifPresent(view -> message.setWorkspace(view.workspace()).setSandbox(view.name()));
        if (line.global()) {
            return global(line, around.globalPolicy(), message).build();
        }
        Optional<PolicyRevision> revision =
                sandbox.flatMap(view -> view.state().policies().revision(line.policyVersion()));
        revision.ifPresent(found -> message.setPolicyHash(found.hash()));
        if (ProvidedRules.isProvided(line.policyKey())) {
            message.setProvider(sandbox.flatMap(view -> ProvidedRules.provider(line.policyKey(), view.state())).orElse(DETACHED));
        }
        if (line.allowed()) {
            return message.build();
        }
        if (revision.isEmpty()) {
            return message.setNoSuggestion("the policy of that moment is not at hand any more").build();
        }
        SandboxState.Live live = sandbox.orElseThrow().state();
        SortedMap<String, NetworkRule> provided = ProvidedRules.of(live, around.settings());
        nearest(ProvidedRules.over(revision.get().policy(), provided), line.request(), message);
        suggestion(line, live.policies().newest().orElse(revision.get()), provided, message);
        return message.build();
    }

    /** A global policy takes no merge operations, so there is a nearest rule to show and no line to paste. */
    private static Explanation.Builder global(VerdictLine line, GlobalPolicy global, Explanation.Builder message) {
        Optional<GlobalRevision> revision = global.revision(line.policyVersion());
        revision.ifPresent(found -> message.setPolicyHash(found.hash()));
        if (line.allowed()) {
            return message;
        }
        revision.ifPresent(found -> nearest(found.policy(), line.request(), message));
        boolean allowedNow = global.inForce().filter(now -> now.version() != line.policyVersion())
                .map(now -> allows(now.policy(), line)).orElse(false);
        if (allowedNow) {
            return message.setNoSuggestion("version " + global.version() + " of the global policy allows it already");
        }
        return message.setNoSuggestion("version " + line.policyVersion() + " of the global policy decided; "
                + (global.present() ? "`openshell policy set --global` replaces it" : "there is no global policy any more"));
    }

    private static io.openshell.wire.control.v1.RecordedRequest request(VerdictLine line) {
        RecordedRequest request = line.request();
        return io.openshell.wire.control.v1.RecordedRequest.newBuilder()
                .setHost(request.host()).setPort(request.port()).setMethod(request.method()).setPath(request.path())
                .setBinary(request.caller().executable()).setBinarySha256(line.sha256())
                .addAllAncestors(request.caller().ancestors())
                .addAllAddresses(request.addresses().stream().map(InetAddress::getHostAddress).toList())
                .build();
    }

    private static void nearest(PolicyDocument policy, RecordedRequest request, Explanation.Builder message) {
        NearestEntry.of(policy, request).ifPresent(entry -> message.setNearestRule(entry.key()).addAllNearestLacks(entry.lacks()));
        if (PolicyReview.judge(CompiledPolicy.compile(policy), request) instanceof Judgement.Denied denied) {
            denied.nearest().ifPresent(rule -> message.setNearestRule(rule.policyKey()).clearNearestLacks()
                    .addNearestLacks("its rule '" + rule.rule() + "' " + miss(rule.miss())));
        }
    }

    private static String miss(NearestRule.Miss miss) {
        return switch (miss) {
            case NONE -> "refuses the request";
            case METHOD -> "is about another method";
            case PATH -> "is about another path";
            case QUERY -> "asks for another query";
            case RULE_GRANTS_NOTHING -> "grants nothing to such a request";
        };
    }

    private static void suggestion(
            VerdictLine line, PolicyRevision newest, SortedMap<String, NetworkRule> provided, Explanation.Builder message) {
        boolean rules = line.code().filter(ReasonCode::isAboutTheWay).isEmpty();
        if (rules && newest.version() != line.policyVersion() && allows(newest.policy(), line)) {
            message.setNoSuggestion("policy version " + newest.version() + " allows it already");
            return;
        }
        if (rules && !provided.isEmpty() && allows(ProvidedRules.over(newest.policy(), provided), line)) {
            message.setNoSuggestion("the rules of attached providers allow it already");
            return;
        }
        switch (Suggestion.of(newest.policy(), line.request(), line.code())) {
            case Suggestion.Operations found ->
                found.operations().forEach(operation -> message.addSuggestion(MergeCodec.encode(operation)));
            case Suggestion.None none -> message.setNoSuggestion(none.why());
        }
    }

    private static boolean allows(PolicyDocument policy, VerdictLine line) {
        return PolicyReview.judge(CompiledPolicy.compile(policy), line.request()).allows();
    }
}
