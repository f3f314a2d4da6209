package io.openshell.model.policy;

import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a policy may be stored: what is stored can be loaded. Pure. */
public final class Admission {

    private Admission() {}

    /** Why the policy is not stored; empty when nothing is wrong with it. */
    public static Optional<Rejection> refusal(PolicyDocument policy) {
        return first(RejectionCode.POLICY_INVALID, PolicyValidator.reservedKeys(policy))
                .or(() -> first(RejectionCode.POLICY_INVALID, PolicyValidator.structural(policy)))
                .or(() -> first(RejectionCode.POLICY_AMBIGUOUS, PolicyValidator.ambiguity(policy)))
                .or(() -> first(RejectionCode.POLICY_INVALID, PolicyValidator.loadable(policy)));
    }

    private static Optional<Rejection> first(RejectionCode code, List<PolicyViolation> violations) {
        return violations.isEmpty() ? Optional.empty() : Optional.of(new Rejection(code, sentences(violations)));
    }

    /** Violations as one text. */
    public static String sentences(List<PolicyViolation> violations) {
        return violations.stream().map(v -> v.path() + ": " + v.message()).collect(Collectors.joining("; "));
    }
}
