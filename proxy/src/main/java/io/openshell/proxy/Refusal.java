package io.openshell.proxy;

import io.openshell.model.egress.ReasonCode;
import java.util.Optional;

/**
 * The end of an exchange without traffic.
 *
 * @param reply what the client hears
 * @param finding what the verdict says
 */
record Refusal(Reply reply, Finding finding) {

    static Refusal unusable(Reply reply, String reason) {
        return new Refusal(reply, denied(Finding.NO_POLICY, Finding.PARSER, Optional.empty(), reason));
    }

    static Refusal policy(Ask ask, Optional<ReasonCode> code, String reason) {
        var spoken = switch (ask) {
            case Ask.Tunnel tunnel -> Optional.of(reason);
            case Ask.Forward forward -> Optional.<String>empty();
        };
        var reply = new Reply.Json(403, "policy_denied", ask.words() + " not permitted by policy", spoken);
        return new Refusal(reply, denied(Finding.NO_POLICY, Finding.L4, code, reason));
    }

    static Refusal stale(Grant grant) {
        var detail = grant.ask().words() + " not permitted: the policy changed while it was being decided";
        var finding = denied(
                grant.policyKey(), Finding.L4, Optional.of(ReasonCode.STALE_POLICY), "the policy changed meanwhile");
        return new Refusal(new Reply.Json(403, "policy_denied", detail, Optional.empty()), finding);
    }

    static Refusal uninspected(Grant grant) {
        var detail = grant.ask().words() + " would carry provider credentials uninspected";
        var finding = denied(
                grant.policyKey(), Finding.CREDENTIALS, Optional.of(ReasonCode.INSPECTION_UNAVAILABLE),
                "provider credentials would go uninspected");
        return new Refusal(new Reply.Json(403, "uninspected_credentials", detail, Optional.empty()), finding);
    }

    static Refusal destination(Grant grant, ReasonCode code, String kind) {
        var reply = new Reply.Json(403, "ssrf_denied", grant.ask().words() + " blocked: " + kind, Optional.empty());
        return new Refusal(reply, denied(grant.policyKey(), Finding.SSRF, Optional.of(code), kind));
    }

    /** The policy allowed it, yet nothing flows: the only refusal whose verdict is an allowed one. */
    static Refusal unreachable(Grant grant, String why) {
        var reply = new Reply.Json(
                502, "upstream_unreachable", grant.ask().words() + " failed: " + why, Optional.empty());
        var finding = new Finding(
                true, grant.policyKey(), Finding.L4, Optional.empty(), "upstream_unreachable: " + why);
        return new Refusal(reply, finding);
    }

    static Refusal fault(String what) {
        var reply = new Reply.Json(403, "policy_denied", "the decision could not be made", Optional.empty());
        return new Refusal(
                reply, denied(Finding.NO_POLICY, Finding.L4, Optional.of(ReasonCode.POLICY_UNAVAILABLE), what));
    }

    private static Finding denied(String policyKey, String engine, Optional<ReasonCode> code, String reason) {
        return new Finding(false, policyKey, engine, code, reason);
    }
}
