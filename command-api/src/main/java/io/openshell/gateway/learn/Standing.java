package io.openshell.gateway.learn;

import io.openshell.model.Rejection;
import io.openshell.model.Surroundings;
import io.openshell.model.policy.Admission;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.provider.ContributionRules;
import io.openshell.model.provider.ProviderRules;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.ProvidedRules;
import io.openshell.model.sandbox.SandboxCommand.SetPolicy;
import io.openshell.model.sandbox.SandboxState;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Where a sandbox stands when proposals for it are looked at. Pure.
 *
 * @param around what is said for every sandbox, and which hosts this one has credentials for
 * @param others the other streams
 */
record Standing(SandboxState.Live sandbox, Surroundings around, ProviderRules.Surroundings others) {

    PolicyRevision newest() {
        return sandbox.policies().newest().orElseThrow();
    }

    /** What decides while this is the sandbox's own policy. */
    PolicyDocument deciding(PolicyDocument own) {
        return around.deciding(own, sandbox);
    }

    /** The newest policy of its own, and what its providers contribute. */
    PolicyDocument own() {
        SortedMap<String, NetworkRule> provided = ProvidedRules.of(sandbox, around.settings());
        return ProvidedRules.over(newest().policy(), provided);
    }

    /** Why an approval with this change would be refused, whatever stream speaks against it. */
    Optional<Rejection> refusal(SetPolicy change) {
        String workspace = sandbox.request().workspace();
        return Admission.refusal(change.policy())
                .or(() -> ProviderRules.refusal(workspace, change, sandbox, others))
                .or(() -> ContributionRules.refusal(workspace, change, sandbox, around.settings(), others));
    }
}
