package io.openshell.gateway.learn;

import io.openshell.model.Rejection;
import io.openshell.model.Surroundings;
import io.openshell.model.global.GlobalRevision;
import io.openshell.model.policy.Admission;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.prover.Prover;
import io.openshell.model.sandbox.DraftApproval;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.wire.events.EventCodec;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

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
    static Review of(String draftId, String ruleName, NetworkRule rule, PolicyRevision newest, Surroundings around) {
        PolicyDocument own = DraftApproval.of(draftId, ruleName, rule, newest).policy();
        Optional<GlobalRevision> global = around.globalPolicy().inForce();
        PolicyDocument current = global.map(each -> each.over(newest.policy())).orElse(newest.policy());
        PolicyDocument candidate = global.map(each -> each.over(own)).orElse(own);
        String validation = Prover.text(Prover.delta(current, candidate, around.credentialed()));
        String before = PolicyHash.of(current);
        String after = PolicyHash.of(candidate);
        String all = String.join("\n", draftId, newest.hash(), PolicyHash.of(own), before, after, validation);
        return new Review(validation, Admission.refusal(own).map(Rejection::reason).orElse(""), before, after,
                EventCodec.hash(all.getBytes(StandardCharsets.UTF_8)).substring(0, TOKEN_CHARACTERS));
    }
}
