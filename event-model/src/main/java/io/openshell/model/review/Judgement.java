package io.openshell.model.review;

import io.openshell.model.egress.NearestRule;
import io.openshell.model.egress.ReasonCode;
import java.util.Optional;

/** What a policy says about a request. */
public sealed interface Judgement {

    /**
     * It lets it through.
     *
     * @param policyKey the entry that does
     */
    record Allowed(String policyKey) implements Judgement {}

    /**
     * It refuses it.
     *
     * @param code stable code
     * @param reason one line for people
     * @param nearest the request rule that refuses it or comes closest to allowing it, when requests were judged
     */
    record Denied(ReasonCode code, String reason, Optional<NearestRule> nearest) implements Judgement {}

    /** Whether it lets it through. */
    default boolean allows() {
        return this instanceof Allowed;
    }
}
