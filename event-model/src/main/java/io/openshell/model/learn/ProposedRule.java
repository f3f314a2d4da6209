package io.openshell.model.learn;

import io.openshell.model.Rejection;
import io.openshell.model.policy.Admission;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyValidator;
import io.openshell.model.policy.RequestMatch;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a rule that somebody proposes must be: complete, small, and one that a policy can hold. Pure. */
public final class ProposedRule {

    private static final int LONGEST_NAME = 128;
    private static final int MOST_PARTS = 32;

    private ProposedRule() {}

    /** Why the rule cannot be proposed, as one sentence; empty when it can. */
    public static Optional<String> problem(String name, NetworkRule rule) {
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("a rule has a name of 1 to " + LONGEST_NAME + " characters");
        }
        if (name.startsWith(PolicyValidator.RESERVED_PREFIX)) {
            return Optional.of("names that begin with " + PolicyValidator.RESERVED_PREFIX + " are reserved");
        }
        if (rule.endpoints().isEmpty() || rule.endpoints().size() > MOST_PARTS) {
            return Optional.of("a rule has 1 to " + MOST_PARTS + " endpoints");
        }
        if (rule.binaries().isEmpty() || rule.binaries().size() > MOST_PARTS) {
            return Optional.of("a rule names 1 to " + MOST_PARTS + " programs");
        }
        if (rule.binaries().stream().anyMatch(binary -> !binary.path().startsWith("/"))) {
            return Optional.of("a program is named by its absolute path");
        }
        return rule.endpoints().stream().map(ProposedRule::problem).flatMap(Optional::stream).findFirst()
                .or(() -> Admission.refusal(PolicyDocument.empty().withNetworkPolicies(Map.of(name, rule))).map(Rejection::reason));
    }

    private static Optional<String> problem(NetworkEndpoint endpoint) {
        if (endpoint.host().isEmpty()) {
            return Optional.of("an endpoint has a host");
        }
        if (endpoint.ports().isEmpty()) {
            return Optional.of("endpoint " + endpoint.host() + " has no port");
        }
        boolean query = Stream.concat(endpoint.denyRules().stream(), endpoint.rules().stream().flatMap(rule -> rule.allow().stream()))
                .map(RequestMatch::path).anyMatch(path -> path.indexOf('?') >= 0);
        return query ? Optional.of("a path of endpoint " + endpoint.host() + " has a '?'; queries cannot be proposed") : Optional.empty();
    }
}
