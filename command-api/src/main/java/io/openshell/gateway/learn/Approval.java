package io.openshell.gateway.learn;

import io.openshell.gateway.grpc.Refusal;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.DraftApproval;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.SandboxCommand.SetPolicy;
import io.openshell.model.sandbox.SandboxState;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How an approval is taken back: {@link DraftApproval} made an entry of its own of it, and exactly that goes. Pure. */
final class Approval {
    private Approval() {}

    /** The entry an approval added with this revision; empty for other revisions. */
    static Optional<NetworkRule> added(PolicyRevision revision) {
        return Optional.ofNullable(revision.policy().networkPolicies().get(revision.provenance().getOrDefault(DraftApproval.RULE, "")));
    }

    /**
     * The policy without the entry an approval added; empty when it is gone already.
     *
     * @throws Refusal when the entry was changed since, so that it is not known what belongs to whom
     */
    static Optional<SetPolicy> takenBack(String chunkId, int approvedVersion, SandboxState.Live sandbox) {
        PolicyRevision newest = sandbox.policies().newest().orElseThrow();
        Optional<PolicyRevision> approved = sandbox.policies().revision(approvedVersion);
        String key = approved.map(revision -> revision.provenance().getOrDefault(DraftApproval.RULE, "")).orElse("");
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
        return Optional.of(new SetPolicy(policy.withNetworkPolicies(rules), Map.of(DraftApproval.PROPOSAL, chunkId), newest.version()));
    }
}
