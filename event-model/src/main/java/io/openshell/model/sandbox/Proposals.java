package io.openshell.model.sandbox;

import io.openshell.model.Decision;
import io.openshell.model.RejectionCode;
import io.openshell.model.Surroundings;
import io.openshell.model.learn.ProposedRule;
import io.openshell.model.learn.RuleCover;
import io.openshell.model.learn.SecurityNotes;
import io.openshell.model.prover.Prover;
import io.openshell.model.sandbox.SandboxState.Live;
import io.openshell.model.settings.EffectiveSettings;
import io.openshell.model.settings.SettingKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What becomes of rules that programs in a sandbox ask for. Pure. */
final class Proposals {

    /** Undecided ones at a time. */
    static final int MOST_PENDING = 64;

    private Proposals() {}

    static Decision<SandboxEvent> submit(SandboxCommand.SubmitProposal c, Live live, Surroundings around) {
        EffectiveSettings settings = new EffectiveSettings(around.settings(), live.settings());
        if (live.phase() == Phase.DELETING) {
            return Decision.reject(RejectionCode.SANDBOX_BEING_DELETED, "the sandbox is being deleted");
        }
        if (!settings.proposalsEnabled()) {
            return Decision.reject(RejectionCode.PROPOSALS_DISABLED,
                    "'" + SettingKey.AGENT_POLICY_PROPOSALS_ENABLED.key() + "' is not set for this sandbox");
        }
        Optional<String> bad = ProposedRule.problem(c.ruleName(), c.rule());
        if (bad.isPresent()) {
            return Decision.reject(RejectionCode.PROPOSAL_INVALID, bad.get());
        }
        if (live.drafts().proposal(c.proposalId()).isPresent()) {
            return Decision.unchanged();
        }
        List<AgentProposal> superseded =
                live.drafts().undecided().stream().filter(each -> each.isAbout(c.rule())).toList();
        if (live.drafts().undecided().size() - superseded.size() >= MOST_PENDING) {
            return Decision.reject(RejectionCode.PROPOSALS_FULL, MOST_PENDING + " proposals are pending; somebody has to decide first");
        }
        List<SandboxEvent> events = new ArrayList<>();
        events.add(new SandboxEvent.ProposalSubmitted(c.proposalId(), c.ruleName(), c.rule(), c.intent()));
        superseded.forEach(each -> events.add(new SandboxEvent.DraftDecided(
                each.id(), Drafts.Verdict.REJECTED, "superseded by chunk " + c.proposalId(), 0)));
        events.addAll(approved(c, live, around, settings));
        return new Decision.Accepted<>(events);
    }

    /** An approval without a person: only where it is asked for, opens nothing new by the prover, and there is nothing to note. */
    private static List<SandboxEvent> approved(
            SandboxCommand.SubmitProposal c, Live live, Surroundings around, EffectiveSettings settings) {
        PolicyRevision newest = live.policies().newest().orElseThrow();
        boolean may = settings.approvesAutomatically() && !around.globalPolicyStands()
                && SecurityNotes.of(c.rule()).isEmpty() && !RuleCover.covers(around.deciding(newest.policy(), live), c.rule());
        if (!may) {
            return List.of();
        }
        SandboxCommand.SetPolicy change = DraftApproval.of(c.proposalId(), c.ruleName(), c.rule(), newest);
        boolean harmless = Prover.delta(around.deciding(newest.policy(), live),
                around.deciding(change.policy(), live), around.credentialed()).isEmpty();
        if (!harmless || !(UserCommands.setPolicy(change, live) instanceof Decision.Accepted<SandboxEvent> stored)
                || stored.events().isEmpty()) {
            return List.of();
        }
        List<SandboxEvent> events = new ArrayList<>(stored.events());
        events.add(new SandboxEvent.DraftDecided(c.proposalId(), Drafts.Verdict.APPROVED,
                "auto=true source=agent prover_delta=empty resolved_from="
                        + settings.scope(SettingKey.PROPOSAL_APPROVAL_MODE).name().toLowerCase(Locale.ROOT),
                newest.version() + 1));
        return events;
    }

    static Decision<SandboxEvent> edit(SandboxCommand.EditDraft c, Live live) {
        if (live.phase() == Phase.DELETING) {
            return Decision.reject(RejectionCode.SANDBOX_BEING_DELETED, "the sandbox is being deleted");
        }
        if (!live.drafts().isOpen(c.draftId())) {
            return Decision.reject(RejectionCode.DRAFT_STATUS, "proposal " + c.draftId() + " is not pending");
        }
        Optional<String> bad = ProposedRule.problem("edited", c.rule());
        if (bad.isPresent()) {
            return Decision.reject(RejectionCode.PROPOSAL_INVALID, bad.get());
        }
        return live.drafts().edited(c.draftId()).equals(Optional.of(c.rule()))
                ? Decision.unchanged()
                : Decision.accept(new SandboxEvent.DraftEdited(c.draftId(), c.rule()));
    }
}
