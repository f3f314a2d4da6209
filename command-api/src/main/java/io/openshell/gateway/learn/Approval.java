package io.openshell.gateway.learn;

import io.openshell.gateway.grpc.Refusal;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.SandboxCommand.SetPolicy;
import io.openshell.model.sandbox.SandboxState;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an approval does to a policy, and how it is taken back. An approved rule always becomes an entry of its own, so that
 * taking it back removes exactly what it added and nothing others granted. Pure.
 */
final class Approval {
    /** Provenance of a revision: the proposal it came from. */
    static final String PROPOSAL = "proposal";

    /** Provenance of a revision: the entry that was added. */
    static final String RULE = "proposal_rule";

    private Approval() {}

    /** The policy with the proposed rule as an entry of its own. */
    static SetPolicy of(Chunk chunk, PolicyRevision newest) {
        Map<String, NetworkRule> rules = new TreeMap<>(newest.policy().networkPolicies());
        String key = chunk.proposal().ruleName();
        for (int i = 2; rules.containsKey(key); i++) {
            key = chunk.proposal().ruleName() + "_" + i;
        }
        rules.put(key, chunk.proposal().rule());
        return new SetPolicy(newest.policy().withNetworkPolicies(rules),
                Map.of(PROPOSAL, chunk.id(), RULE, key), newest.version());
    }

    /** The entry an approval added with this revision; empty for other revisions. */
    static Optional<NetworkRule> added(PolicyRevision revision) {
        return Optional.ofNullable(revision.policy().networkPolicies().get(revision.provenance().getOrDefault(RULE, "")));
    }

    /**
     * The policy without the entry an approval added; empty when it is gone already.
     *
     * @throws Refusal when the entry was changed since, so that it is not known what belongs to whom
     */
    static Optional<SetPolicy> takenBack(String chunkId, int approvedVersion, SandboxState.Live sandbox) {
        PolicyRevision newest = sandbox.policies().newest().orElseThrow();
        Optional<PolicyRevision> approved = sandbox.policies().revision(approvedVersion);
        String key = approved.map(revision -> revision.provenance().getOrDefault(RULE, "")).orElse("");
        PolicyDocument policy = newest.policy();
        NetworkRule now = policy.networkPolicies().get(key);
        if (now == null) {
            return Optional.empty();
        }
        if (!now.equals(approved.orElseThrow().policy().networkPolicies().get(key))) {
            throw Refusal.precondition("rule '" + key + "' was changed since the approval; use `openshell policy update`");
        }
        Map<String, NetworkRule> rules = new TreeMap<>(policy.networkPolicies());
        rules.remove(key);
        return Optional.of(new SetPolicy(policy.withNetworkPolicies(rules), Map.of(PROPOSAL, chunkId), newest.version()));
    }
}
