package io.openshell.proxy;

import io.openshell.model.egress.ReasonCode;
import io.openshell.model.egress.RequestVerdict;
import io.openshell.model.policy.Learning;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * What was decided, for the verdict.
 *
 * @param allowed whether the policy allowed it
 * @param policyKey the matched entry or {@code -}
 * @param engine which part decided
 * @param code the class of a denial, where it has one
 * @param reason for the log, empty when traffic flows
 */
record Finding(boolean allowed, String policyKey, String engine, Optional<ReasonCode> code, String reason) {
    static final String NO_POLICY = "-";
    static final String L4 = "l4";
    static final String SSRF = "ssrf";
    static final String PARSER = "http-parser";
    static final String DNS = "dns";
    static final String CAPTURE = "capture";
    static final String CREDENTIALS = "credentials";
    static final String BINDING = "credential-binding";

    static final String L7 = "l7";
    static final String WEBSOCKET = "l7-websocket";
    static final String TLS = "tls";
    static final String MIDDLEWARE = "middleware";
    static final String AUTHORITY = "request-authority";

    static Finding denied(String policyKey, String engine, ReasonCode code, String reason) {
        return new Finding(false, policyKey, engine, Optional.of(code), reason);
    }

    /** What a verdict about one request says; a request that is only audited passes with a reason. */
    static Finding of(RequestVerdict verdict) {
        return switch (verdict) {
            case RequestVerdict.Allowed allowed -> new Finding(
                    true, allowed.policyKey(), allowed.rule().isEmpty() ? L4 : L7, Optional.empty(), "");
            case RequestVerdict.Audited audited -> new Finding(
                    true, audited.policyKey(), L7, Optional.of(audited.code()), "audit: " + Redaction.of(audited.reason()));
            case RequestVerdict.Denied denied ->
                denied(denied.policyKey(), L7, denied.code(), Redaction.of(denied.reason()));
        };
    }

    Finding by(Optional<String> other) {
        return other.map(this::by).orElse(this);
    }

    /** The same, decided by another part. */
    Finding by(String other) {
        return new Finding(allowed, policyKey, other, code, reason);
    }

    /** The same, with what a middleware took out of the request. */
    Finding redacted(SortedMap<String, Integer> removed) {
        var what = "redacted: " + removed.entrySet().stream().map(one -> one.getKey() + " x" + one.getValue())
                .collect(Collectors.joining(", "));
        return new Finding(allowed, policyKey, MIDDLEWARE, code, reason.isEmpty() ? what : reason + "; " + what);
    }

    static Finding allowed(String policyKey) {
        if (policyKey.equals(Learning.KEY)) {
            return new Finding(true, policyKey, L4, Optional.of(ReasonCode.ENDPOINT_NOT_ALLOWED), "audit: no rule allows this yet");
        }
        return new Finding(true, policyKey, L4, Optional.empty(), "");
    }
}
