package io.openshell.proxy;

import io.openshell.model.egress.ReasonCode;
import io.openshell.model.egress.RequestVerdict;
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
            case Ask.Captured captured -> Optional.<String>empty();
            case Ask.Forward forward -> Optional.<String>empty();
            case Ask.Inner inner -> Optional.<String>empty();
        };
        var error = code.equals(Optional.of(ReasonCode.PROTOCOL_UNSUPPORTED)) ? "unsupported_l7_protocol" : "policy_denied";
        var reply = new Reply.Json(403, error, ask.words() + " not permitted by policy", spoken);
        return new Refusal(reply, denied(Finding.NO_POLICY, Finding.L4, code, reason));
    }

    /** A request the rules refuse, asked for without a tunnel. */
    static Refusal request(Ask.Forward ask, Identified.Known by, RequestVerdict.Denied denied) {
        var detail = ask.words() + " denied by L7 policy: " + denied.reason();
        var denial = new RequestDenial(denied.policyKey(), detail, ask.method(), ask.path(), ask.authority(),
                by.caller().executable(), denied.nearest());
        return new Refusal(new Reply.Denied(denial), Finding.of(denied));
    }

    /** A request the rules refuse within a tunnel. */
    static Refusal request(Ask.Inner ask, Identified.Known by, RequestVerdict.Denied denied) {
        var denial = new RequestDenial(denied.policyKey(), denied.reason(), ask.method(), ask.path(), ask.authority(),
                by.caller().executable(), denied.nearest());
        return new Refusal(new Reply.Denied(denial), Finding.of(denied));
    }

    /** The same, decided by another part. */
    Refusal by(Optional<String> engine) {
        return new Refusal(reply, finding.by(engine));
    }

    /** A connection to an address that leads nowhere. */
    static Refusal unmapped(Ask.Captured ask) {
        return new Refusal(new Reply.Drop(), Finding.denied(Finding.NO_POLICY, Finding.CAPTURE, ReasonCode.UNMAPPED_DESTINATION, ask.unmapped()));
    }

    static Refusal misdirected(String policyKey) {
        return new Refusal(
                new Reply.Json(403, "request_authority_mismatch", "the request names another host than its tunnel",
                        Optional.empty()),
                Finding.denied(policyKey, Finding.AUTHORITY, ReasonCode.REQUEST_AUTHORITY_MISMATCH,
                        "the request names another host than its tunnel"));
    }

    /** A request of a tunnel that is not strictly HTTP. */
    static Refusal malformed(String policyKey, String reason) {
        return new Refusal(
                new Reply.Bare(400), Finding.denied(policyKey, Finding.PARSER, ReasonCode.REQUEST_MALFORMED, reason));
    }

    static Refusal badPath(String policyKey, String reason) {
        return new Refusal(
                new Reply.Json(400, "invalid_request_target", reason, Optional.empty()),
                Finding.denied(policyKey, Finding.PARSER, ReasonCode.REQUEST_MALFORMED, reason));
    }

    static Refusal encodedSlash(String policyKey) {
        var detail = "the path has an encoded slash";
        return new Refusal(
                new Reply.Json(400, "invalid_request_target", detail, Optional.empty()),
                Finding.denied(policyKey, Finding.PARSER, ReasonCode.REQUEST_MALFORMED, detail));
    }

    static Refusal unsupported(String words, String policyKey) {
        var detail = words + " cannot be inspected: only HTTP/1 can";
        return new Refusal(
                new Reply.Json(403, "unsupported_l7_protocol", detail, Optional.empty()),
                Finding.denied(policyKey, Finding.L7, ReasonCode.PROTOCOL_UNSUPPORTED, "a protocol that cannot be inspected"));
    }

    /** A middleware's no, or one that cannot be asked. */
    static Refusal middleware(String policyKey, ReasonCode code, String error, String detail) {
        return new Refusal(new Reply.Json(403, error, detail, Optional.empty()),
                Finding.denied(policyKey, Finding.MIDDLEWARE, code, detail));
    }

    /** A middleware must see every request, and these bytes pass unread. */
    static Refusal middlewareRequired(String policyKey) {
        return middleware(policyKey, ReasonCode.MIDDLEWARE_FAILED, "middleware_required",
                "a middleware must see every request to this host, and here they would pass unread");
    }

    static Refusal noTermination(Grant grant) {
        var detail = grant.ask().words() + " needs TLS termination, which this sandbox cannot do";
        return new Refusal(
                new Reply.Json(503, "tls_termination_unavailable", detail, Optional.empty()),
                Finding.denied(grant.policyKey(), Finding.TLS, ReasonCode.TLS_UNAVAILABLE, "there is no certificate authority"));
    }

    static Refusal stale(Grant grant) {
        var detail = grant.ask().words() + " not permitted: the policy changed while it was being decided";
        var finding = denied(
                grant.policyKey(), Finding.L4, Optional.of(ReasonCode.STALE_POLICY), "the policy changed meanwhile");
        return new Refusal(new Reply.Json(403, "policy_denied", detail, Optional.empty()), finding);
    }

    static Refusal uninspected(Ask ask, String policyKey) {
        var detail = ask.words() + " would carry provider credentials uninspected";
        var finding = denied(
                policyKey, Finding.CREDENTIALS, Optional.of(ReasonCode.INSPECTION_UNAVAILABLE),
                "provider credentials would go uninspected");
        return new Refusal(new Reply.Json(403, "uninspected_credentials", detail, Optional.empty()), finding);
    }

    /** Nobody chose a model for this workspace. */
    static Refusal noInference() {
        var detail = "no route is set; see `openshell inference set`";
        return new Refusal(new Reply.Json(503, "cluster inference is not configured", detail, Optional.empty()),
                Finding.denied(Finding.NO_POLICY, Finding.L4, ReasonCode.ENDPOINT_NOT_ALLOWED, detail));
    }

    /** A credential that belongs to other endpoints than the one asked for. */
    static Refusal misdirectedCredential(TunnelContext context) {
        var detail = "the credential does not belong to " + context.authority().display();
        return new Refusal(new Reply.Json(403, "credential_endpoint_mismatch", detail, Optional.empty()),
                Finding.denied(context.grant().policyKey(), Finding.BINDING, ReasonCode.CREDENTIAL_MISDIRECTED, detail));
    }

    /** A placeholder for which there is nothing to send instead. */
    static Refusal noCredential(TunnelContext context, String why) {
        var error = context.grant().ask() instanceof Ask.Forward ? "credential_injection_failed" : "credential_unavailable";
        return new Refusal(new Reply.Json(500, error, why, Optional.empty()),
                Finding.denied(context.grant().policyKey(), Finding.CREDENTIALS, ReasonCode.CREDENTIAL_UNAVAILABLE, why));
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
