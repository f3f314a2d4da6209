package io.openshell.model.egress;

import java.util.Optional;

/** Outcome of a request decision, within a connection that {@link EgressEvaluator} allowed. */
public sealed interface RequestVerdict {
    /** Key of the policy entry that decided. */
    String policyKey();

    /**
     * The request may be passed on.
     *
     * @param policyKey entry with the rule that allows it
     * @param rule that rule in words; empty when the endpoint does not judge requests
     */
    record Allowed(String policyKey, String rule) implements RequestVerdict {}

    /**
     * The request must not be passed on.
     *
     * @param policyKey entry of the endpoint that decided
     * @param code stable code
     * @param reason one line for people, without the query
     * @param nearest the rule that refuses it, or the allow rule that comes closest
     */
    record Denied(String policyKey, ReasonCode code, String reason, Optional<NearestRule> nearest)
            implements RequestVerdict {}

    /**
     * The request is passed on although no rule allows it, because the endpoint only audits.
     *
     * @param policyKey entry of the endpoint that decided
     * @param code what an enforcing endpoint would have said
     * @param reason one line for people, without the query
     * @param nearest as in a denial
     */
    record Audited(String policyKey, ReasonCode code, String reason, Optional<NearestRule> nearest)
            implements RequestVerdict {}
}
