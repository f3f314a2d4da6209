package io.openshell.model.policy.merge;

import io.openshell.model.policy.PolicyDocument;
import java.util.List;
import java.util.Optional;

/**
 * Applies operations to the network rules of a policy. Pure. An entry lets all of its programs reach all of its endpoints, so
 * merging into one could grant pairs nobody asked for: such an operation is refused, or lands in an entry of its own.
 */
public final class PolicyMerge {
    private PolicyMerge() {}

    /**
     * Applies all operations in order, or none.
     *
     * @param document the policy before; rules of the control plane in it stay as they are
     */
    public static MergeOutcome apply(PolicyDocument document, List<MergeOperation> operations) {
        Draft draft = new Draft(document.networkPolicies());
        for (MergeOperation operation : operations) {
            Optional<MergeOutcome.Refused> refused = apply(operation, draft);
            if (refused.isPresent()) {
                return refused.get();
            }
        }
        Optional<MergeOutcome.Refused> conflict = McpConflicts.added(document.networkPolicies(), draft.rules());
        return conflict.isPresent()
                ? conflict.get()
                : new MergeOutcome.Merged(document.withNetworkPolicies(draft.rules()), draft.warnings());
    }

    private static Optional<MergeOutcome.Refused> apply(MergeOperation operation, Draft draft) {
        return switch (operation) {
            case MergeOperation.AddRule add -> RuleAddition.apply(add, draft);
            case MergeOperation.AddAllow add -> RequestRuleChange.allow(add, draft);
            case MergeOperation.AddDeny add -> RequestRuleChange.deny(add, draft);
            case MergeOperation.RemoveRule remove -> Removals.rule(remove, draft);
            case MergeOperation.RemoveEndpoint remove -> Removals.endpoint(remove, draft);
            case MergeOperation.RemoveBinary remove -> Removals.binary(remove, draft);
        };
    }
}
