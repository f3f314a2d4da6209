package io.openshell.model.learn;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.Glob;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a policy contains a rule, in one entry or spread over several. What is not plainly there is not. Pure. */
public final class RuleCover {

    private RuleCover() {}

    /** Whether every program of the rule reaches every endpoint of it under the policy, with no less allowed and no more denied. */
    public static boolean covers(PolicyDocument policy, NetworkRule rule) {
        return rule.binaries().stream().allMatch(binary -> rule.endpoints().stream().allMatch(endpoint ->
                endpoint.ports().stream().allMatch(port -> covers(policy, binary.path(), endpoint, port))));
    }

    private static boolean covers(PolicyDocument policy, String binary, NetworkEndpoint wanted, int port) {
        List<NetworkEndpoint> there = policy.networkPolicies().values().stream()
                .filter(rule -> rule.binaries().stream().anyMatch(named -> isFor(named.path(), binary)))
                .flatMap(rule -> rule.endpoints().stream())
                .filter(endpoint -> endpoint.host().equalsIgnoreCase(wanted.host()) && endpoint.ports().contains(port))
                .toList();
        Set<AllowRule> allowed = new HashSet<>();
        there.stream().filter(endpoint -> alike(endpoint, wanted)).forEach(endpoint -> allowed.addAll(endpoint.rules()));
        boolean told = there.stream().anyMatch(endpoint -> alike(endpoint, wanted)
                && (wanted.access().isEmpty() || endpoint.access().equals(wanted.access()) || endpoint.access().equals("full")));
        boolean free = there.stream().allMatch(endpoint -> wanted.denyRules().containsAll(endpoint.denyRules()));
        return told && free && (allowed.containsAll(wanted.rules()) || there.stream().anyMatch(endpoint ->
                alike(endpoint, wanted) && endpoint.access().equals("full")));
    }

    private static boolean alike(NetworkEndpoint one, NetworkEndpoint two) {
        return one.path().equals(two.path()) && one.protocol().equalsIgnoreCase(two.protocol()) && one.tls().equals(two.tls())
                && one.allowedIps().equals(two.allowedIps());
    }

    private static boolean isFor(String named, String binary) {
        return named.equals(binary) || named.indexOf('*') >= 0 && binary.indexOf('*') < 0 && Glob.path(named).matches(binary);
    }
}
