package io.openshell.proxy;

import io.openshell.model.egress.ReasonCode;
import java.util.Optional;

/**
 * The end of an exchange without traffic: what the client hears, and what the verdict says.
 *
 * @param reply for the client
 * @param allowed whether the policy had allowed it, which is so only when the destination could not be reached
 * @param policyKey the matched entry or {@code -}
 * @param engine which part decided
 * @param code the class of the denial, where it has one
 * @param reason for the log
 */
record Refusal(
        Reply reply, boolean allowed, String policyKey, String engine, Optional<ReasonCode> code, String reason) {
    static final String NO_POLICY = "-";
    static final String L4 = "l4";
    static final String SSRF = "ssrf";
    static final String PARSER = "http-parser";

    static Refusal unusable(Reply reply, String reason) {
        return new Refusal(reply, false, NO_POLICY, PARSER, Optional.empty(), reason);
    }

    static Refusal policy(Ask ask, Optional<ReasonCode> code, String reason) {
        var spoken = switch (ask) {
            case Ask.Tunnel tunnel -> Optional.of(reason);
            case Ask.Forward forward -> Optional.<String>empty();
        };
        var reply = new Reply.Json(403, "policy_denied", ask.words() + " not permitted by policy", spoken);
        return new Refusal(reply, false, NO_POLICY, L4, code, reason);
    }

    static Refusal stale(Grant grant) {
        var detail = grant.ask().words() + " not permitted: the policy changed while it was being decided";
        var reply = new Reply.Json(403, "policy_denied", detail, Optional.empty());
        return new Refusal(
                reply, false, grant.policyKey(), L4, Optional.of(ReasonCode.STALE_POLICY), "the policy changed meanwhile");
    }

    static Refusal uninspected(Grant grant) {
        var detail = grant.ask().words() + " would carry provider credentials uninspected";
        var reply = new Reply.Json(403, "uninspected_credentials", detail, Optional.empty());
        return new Refusal(
                reply, false, grant.policyKey(), "credentials", Optional.of(ReasonCode.INSPECTION_UNAVAILABLE), detail);
    }

    static Refusal destination(Grant grant, ReasonCode code, String kind) {
        var reply = new Reply.Json(403, "ssrf_denied", grant.ask().words() + " blocked: " + kind, Optional.empty());
        return new Refusal(reply, false, grant.policyKey(), SSRF, Optional.of(code), kind);
    }

    static Refusal unreachable(Grant grant, String why) {
        var detail = grant.ask().words() + " failed: " + why;
        var reply = new Reply.Json(502, "upstream_unreachable", detail, Optional.empty());
        return new Refusal(reply, true, grant.policyKey(), L4, Optional.empty(), "upstream_unreachable: " + why);
    }

    static Refusal fault(String what) {
        var reply = new Reply.Json(403, "policy_denied", "the decision could not be made", Optional.empty());
        return new Refusal(reply, false, NO_POLICY, L4, Optional.of(ReasonCode.POLICY_UNAVAILABLE), what);
    }
}
