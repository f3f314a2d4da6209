package io.openshell.model.learn;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.BlockedRanges;
import io.openshell.model.policy.IpLiteral;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.Provenance;
import io.openshell.model.policy.RequestMatch;
import io.openshell.model.policy.merge.RuleNames;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rule a group of denials suggests. Never carries {@code allowed_ips}.
 *
 * @param confidence from 0.1 to 0.95
 * @param rationale one line for people
 */
public record Proposal(String ruleName, NetworkRule rule, double confidence, String rationale) {
    private static final Set<String> NEVER = Set.of("localhost", "metadata.google.internal");
    private static final Set<Integer> WELL_KNOWN = Set.of(22, 53, 80, 443, 8080, 8443);
    private static final double LEAST = 0.1;
    private static final double MOST = 0.95;

    /** The proposal for a group, fitted to what the policy says about the destination; empty for what no policy can open. */
    public static Optional<Proposal> of(DenialGroup group, PolicyDocument policy) {
        boolean hopeless = NEVER.contains(group.host()) || group.host().endsWith(".localhost")
                || IpLiteral.parse(group.host()).filter(ip -> BlockedRanges.contains(ip.getAddress())).isPresent();
        if (hopeless || group.binary().isEmpty()) {
            return Optional.empty();
        }
        NetworkEndpoint endpoint = contract(group, policy).map(known -> fitted(known, group)).orElseGet(() -> fresh(group));
        NetworkRule rule = new NetworkRule("", List.of(endpoint), List.of(new NetworkBinary(group.binary())));
        return Optional.of(new Proposal(RuleNames.of(group.host(), group.port()), rule, confidence(group),
                group.binary() + " was refused " + group.count() + " times at " + group.host() + ":" + group.port()));
    }

    private static double confidence(DenialGroup group) {
        double often = group.count() >= 10 ? 0.2 : group.count() >= 3 ? 0.1 : 0;
        double port = WELL_KNOWN.contains(group.port()) ? 0.15 : 0;
        double internal = group.stage().equals("ssrf") ? 0.2 : 0;
        return Math.clamp(Math.round((0.5 + often + port - internal) * 100) / 100.0, LEAST, MOST);
    }

    /** How the policy treats this very destination already, for other programs or other requests. */
    private static Optional<NetworkEndpoint> contract(DenialGroup group, PolicyDocument policy) {
        return policy.networkPolicies().values().stream().flatMap(rule -> rule.endpoints().stream())
                .filter(endpoint -> endpoint.host().equalsIgnoreCase(group.host()) && endpoint.ports().contains(group.port()))
                .filter(endpoint -> endpoint.path().isEmpty()).findFirst();
    }

    private static NetworkEndpoint fitted(NetworkEndpoint known, DenialGroup group) {
        NetworkEndpoint narrowed = known.toBuilder().ports(List.of(group.port())).build();
        return known.inspected() && !group.samples().isEmpty()
                ? narrowed.toBuilder().access("").rules(observed(group)).build() : narrowed;
    }

    private static NetworkEndpoint fresh(DenialGroup group) {
        var endpoint = NetworkEndpoint.builder(group.host(), group.port()).provenance(new Provenance(true, false));
        return group.samples().isEmpty() ? endpoint.build()
                : endpoint.protocol("rest").enforcement("enforce").rules(observed(group)).build();
    }

    private static List<AllowRule> observed(DenialGroup group) {
        // Where not all requests could be kept, single paths would leave some of them out.
        boolean many = group.samples().size() >= DenialGroup.MOST_SAMPLES;
        return group.samples().stream()
                .map(sample -> RequestMatch.http(sample.method(), many ? "**" : GeneralPath.of(sample.path())))
                .distinct().map(AllowRule::of).toList();
    }
}
