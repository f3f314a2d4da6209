package io.openshell.model.sandbox;

import io.openshell.model.policy.NetworkRule;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an approval does to a policy. An approved rule always becomes an entry of its own, so that taking it back removes exactly
 * what it added and nothing others granted. Pure.
 */
public final class DraftApproval {

    /** Provenance of a revision: the proposal it came from. */
    public static final String PROPOSAL = "proposal";

    /** Provenance of a revision: the entry that was added. */
    public static final String RULE = "proposal_rule";

    private DraftApproval() {}

    /** The newest policy with the rule as an entry of its own, under its name or the next one free. */
    public static SandboxCommand.SetPolicy of(String draftId, String ruleName, NetworkRule rule, PolicyRevision newest) {
        Map<String, NetworkRule> rules = new TreeMap<>(newest.policy().networkPolicies());
        String key = ruleName;
        for (int i = 2; rules.containsKey(key); i++) {
            key = ruleName + "_" + i;
        }
        rules.put(key, rule);
        return new SandboxCommand.SetPolicy(
                newest.policy().withNetworkPolicies(rules), Map.of(PROPOSAL, draftId, RULE, key), newest.version());
    }
}
