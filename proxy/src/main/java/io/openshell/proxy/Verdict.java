package io.openshell.proxy;

import io.openshell.model.egress.ReasonCode;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One decision of the proxy, complete enough to write a log line and to find the client's error body again.
 *
 * @param at when it was decided
 * @param sandboxId the sandbox it belongs to
 * @param allowed whether traffic may flow
 * @param activity {@code NET:OPEN} for tunnels, {@code HTTP:} and the method for forwarded requests
 * @param binary executable of the caller, {@code -} when unknown
 * @param pid process id of the caller, 0 when unknown
 * @param target {@code host:port}, or {@code METHOD http://host:port/path} without any query
 * @param policyKey key of the policy entry that matched, {@code -} when none did
 * @param engine which part decided: {@code l4}, {@code ssrf} or {@code http-parser}
 * @param code the class of a denial, where it has one
 * @param reason a denial in words; empty when allowed
 * @param decisionId unique id, also in the error body the client got
 * @param generation the policy generation that decided
 * @param circumstances the parts of the request, for those who judge it again later
 */
public record Verdict(
        Instant at,
        String sandboxId,
        boolean allowed,
        String activity,
        String binary,
        int pid,
        String target,
        String policyKey,
        String engine,
        Optional<ReasonCode> code,
        String reason,
        String decisionId,
        long generation,
        Circumstances circumstances) {
    /** Refuses missing parts. */
    public Verdict {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(sandboxId, "sandboxId");
        Objects.requireNonNull(activity, "activity");
        Objects.requireNonNull(binary, "binary");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(policyKey, "policyKey");
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(decisionId, "decisionId");
        Objects.requireNonNull(circumstances, "circumstances");
    }
}
