package io.openshell.gateway.learn;

import io.openshell.model.Rejection;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.prover.Prover;
import io.openshell.model.sandbox.DraftApproval;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.SandboxCommand.SetPolicy;
import io.openshell.wire.events.EventCodec;
import java.nio.charset.StandardCharsets;

/**
 * What approving a rule would do to the policy that decides. Pure.
 *
 * @param validation what the prover finds
 * @param problem why it could not be stored; empty when it could
 * @param currentHash of the policy that decides now
 * @param candidateHash of the one that would decide then
 * @param token stands for all of this: whoever approves says what was looked at
 */
record Review(String validation, String problem, String currentHash, String candidateHash, String token) {

    private static final int TOKEN_CHARACTERS = 16;

    /** Of a rule on top of the newest revision. */
    static Review of(String draftId, String ruleName, NetworkRule rule, Standing standing) {
        PolicyRevision newest = standing.newest();
        SetPolicy change = DraftApproval.of(draftId, ruleName, rule, newest);
        PolicyDocument own = change.policy();
        PolicyDocument current = standing.deciding(newest.policy());
        PolicyDocument candidate = standing.deciding(own);
        String validation = Prover.text(Prover.delta(current, candidate, standing.around().credentialed()));
        String before = PolicyHash.of(current);
        String after = PolicyHash.of(candidate);
        String all = String.join("\n", draftId, newest.hash(), PolicyHash.of(own), before, after, validation);
        return new Review(validation, standing.refusal(change).map(Rejection::reason).orElse(""), before, after,
                EventCodec.hash(all.getBytes(StandardCharsets.UTF_8)).substring(0, TOKEN_CHARACTERS));
    }
}
