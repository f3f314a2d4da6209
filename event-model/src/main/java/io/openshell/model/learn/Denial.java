package io.openshell.model.learn;

import io.openshell.model.egress.ReasonCode;
import io.openshell.model.review.RecordedRequest;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/**
 * A refused request that could be about a missing rule.
 *
 * @param reason one line for people
 */
public record Denial(Instant time, ReasonCode code, String reason, RecordedRequest request) {
    private static final Set<ReasonCode> RULE_MISSING = Set.of(ReasonCode.NO_NETWORK_POLICY, ReasonCode.ENDPOINT_NOT_ALLOWED,
            ReasonCode.BINARY_NOT_ALLOWED, ReasonCode.REQUEST_NOT_ALLOWED, ReasonCode.SSRF_INTERNAL_ADDRESS, ReasonCode.BYPASS);

    /** Refuses missing parts. */
    public Denial {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(request, "request");
    }

    /** Whether a rule could allow what was refused for this reason. */
    public static boolean isAboutRules(ReasonCode code) {
        return RULE_MISSING.contains(code);
    }
}
