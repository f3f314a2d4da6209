package io.openshell.model.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Aggregates;
import io.openshell.model.CommandRejected;
import io.openshell.model.CommandUnchanged;
import io.openshell.model.Contexts;
import io.openshell.model.Event;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamId;
import io.openshell.model.Surroundings;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.global.GlobalRevision;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.sandbox.SandboxCommand.DecideDraft;
import io.openshell.model.sandbox.SandboxCommand.EditDraft;
import io.openshell.model.sandbox.SandboxCommand.SubmitProposal;
import io.openshell.model.sandbox.SandboxEvent.DraftDecided;
import io.openshell.model.sandbox.SandboxEvent.DraftEdited;
import io.openshell.model.sandbox.SandboxEvent.PolicyRevisionStored;
import io.openshell.model.sandbox.SandboxEvent.ProposalSubmitted;
import io.openshell.model.settings.SettingValue;
import io.openshell.model.settings.Settings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rules that programs ask for: what is taken, what gives way, and what is approved without a person. */
class ProposalsTest {
    private static final NetworkRule RULE = Histories.rule("a.example.com");
    private static final Settings ENABLED =
            Settings.NONE.with("agent_policy_proposals_enabled", Optional.of(new SettingValue.Flag(true)));
    private static final Settings AUTO = ENABLED.with("proposal_approval_mode", Optional.of(new SettingValue.Word("auto")));

    private SandboxState state = LiveSandbox.ready();
    private Surroundings around = new Surroundings(GlobalPolicy.NONE, ENABLED);

    /** Decides as the node, or as a user, and folds what came of it. */
    private List<Event> when(SandboxCommand command) {
        var by = command instanceof SubmitProposal ? Contexts.node(Histories.NODE) : Contexts.user();
        List<Event> events = Aggregates.decide(StreamId.sandbox("default", "demo"), command, state, around, by);
        events.forEach(event -> state = (SandboxState) Aggregates.evolve(state, event, by));
        return events;
    }

    private static SubmitProposal asked(String id, NetworkRule rule) {
        return new SubmitProposal(id, "web", rule, "to read");
    }

    private static RejectionCode code(List<Event> events) {
        return ((CommandRejected) events.getFirst()).rejection().code();
    }

    private Drafts drafts() {
        return ((SandboxState.Live) state).drafts();
    }

    @Test
    void aProposalIsKeptAndChangesNoPolicy() {
        assertThat(when(asked("p1", RULE))).containsExactly(new ProposalSubmitted("p1", "web", RULE, "to read"));
        assertThat(drafts().proposal("p1").orElseThrow().rule()).isEqualTo(RULE);
        assertThat(((SandboxState.Live) state).policies().revisions()).hasSize(1);
        assertThat(when(asked("p1", RULE))).containsExactly(new CommandUnchanged("SubmitProposal"));
    }

    @Test
    void nothingIsTakenUnlessTheSettingSaysSoAndOnlyFromItsNode() {
        around = Surroundings.NONE;
        assertThat(code(when(asked("p1", RULE)))).isEqualTo(RejectionCode.PROPOSALS_DISABLED);
        around = new Surroundings(GlobalPolicy.NONE, ENABLED);
        assertThat(code(Aggregates.decide(StreamId.sandbox("default", "demo"), asked("p1", RULE), state, around, Contexts.node("n2"))))
                .isEqualTo(RejectionCode.REPORTER_NOT_ASSIGNED);
    }

    @Test
    void whatNoPolicyCanHoldIsNotTaken() {
        assertThat(code(when(asked("p1", new NetworkRule("", List.of(), RULE.binaries()))))).isEqualTo(RejectionCode.PROPOSAL_INVALID);
        assertThat(code(when(asked("p1", new NetworkRule("", RULE.endpoints(), List.of()))))).isEqualTo(RejectionCode.PROPOSAL_INVALID);
        assertThat(code(when(new SubmitProposal("p1", "_provider_x", RULE, "")))).isEqualTo(RejectionCode.PROPOSAL_INVALID);
        assertThat(code(when(asked("p1", new NetworkRule("", List.of(NetworkEndpoint.plain("", 443)), RULE.binaries())))))
                .isEqualTo(RejectionCode.PROPOSAL_INVALID);
    }

    @Test
    void aNewerOneForTheSameProgramAndDestinationTakesThePlaceOfAPendingOne() {
        when(asked("p1", RULE));
        assertThat(when(asked("p2", RULE))).containsExactly(new ProposalSubmitted("p2", "web", RULE, "to read"),
                new DraftDecided("p1", Drafts.Verdict.REJECTED, "superseded by chunk p2", 0));
        assertThat(when(asked("p3", Histories.rule("b.example.com")))).hasSize(1);
    }

    @Test
    void moreThanSomebodyCanDecideAboutAreNotTaken() {
        for (int i = 0; i < Proposals.MOST_PENDING; i++) {
            assertThat(when(asked("p" + i, Histories.rule("h" + i + ".example.com")))).hasSize(1);
        }
        assertThat(code(when(asked("more", RULE)))).isEqualTo(RejectionCode.PROPOSALS_FULL);
        when(new DecideDraft("p0", Drafts.Verdict.REJECTED, "no", Optional.empty()));
        assertThat(when(asked("more", RULE))).hasSize(1);
    }

    @Test
    void decidedOnesAreForgottenOldestFirstSoThatTheStateIsBounded() {
        for (int i = 0; i < 300; i++) {
            when(asked("p" + i, RULE));
        }
        assertThat(drafts().proposed()).hasSizeLessThan(260);
        assertThat(drafts().proposal("p0")).isEmpty();
        assertThat(drafts().proposal("p299")).isPresent();
    }

    @Test
    void anEditTakesThePlaceOfTheRuleWhileItIsPendingAndNotAfterwards() {
        NetworkRule narrower = Histories.rule("b.example.com");
        when(asked("p1", RULE));
        assertThat(when(new EditDraft("p1", narrower))).containsExactly(new DraftEdited("p1", narrower));
        assertThat(when(new EditDraft("p1", narrower))).containsExactly(new CommandUnchanged("EditDraft"));
        assertThat(drafts().edited("p1")).contains(narrower);
        assertThat(code(when(new EditDraft("p1", new NetworkRule("", List.of(), List.of()))))).isEqualTo(RejectionCode.PROPOSAL_INVALID);
        when(new DecideDraft("p1", Drafts.Verdict.REJECTED, "no", Optional.empty()));
        assertThat(code(when(new EditDraft("p1", RULE)))).isEqualTo(RejectionCode.DRAFT_STATUS);
    }

    @Test
    void aHarmlessOneIsApprovedWithoutAPersonWhereThatIsSetAndTheLogSaysWhy() {
        around = new Surroundings(GlobalPolicy.NONE, AUTO);
        List<Event> events = when(asked("p1", RULE));
        assertThat(events).hasSize(3);
        assertThat(events.get(1)).isInstanceOfSatisfying(PolicyRevisionStored.class, stored -> {
            assertThat(stored.policy().networkPolicies()).containsEntry("web", RULE);
            assertThat(stored.provenance()).containsEntry("proposal", "p1");
        });
        assertThat(events.get(2)).isEqualTo(new DraftDecided("p1", Drafts.Verdict.APPROVED,
                "auto=true source=agent prover_delta=empty resolved_from=gateway", 2));
    }

    @Test
    void whereThereIsSomethingToThinkAboutAPersonDecides() {
        around = new Surroundings(GlobalPolicy.NONE, AUTO);
        assertThat(when(asked("wild", Histories.rule("*.example.com")))).as("a note").hasSize(1);
        assertThat(when(asked("meta", Histories.rule("metadata.google.internal")))).as("a finding of the prover").hasSize(1);
        around = new Surroundings(new GlobalPolicy(
                List.of(new GlobalRevision(1, "h", Histories.POLICY, Contexts.NOON)), true), AUTO);
        assertThat(when(asked("global", RULE))).as("a global policy").hasSize(1);
        around = new Surroundings(GlobalPolicy.NONE, AUTO.with("proposal_approval_mode", Optional.of(new SettingValue.Word("manual"))));
        assertThat(when(asked("manual", RULE))).hasSizeLessThanOrEqualTo(2).first().isInstanceOf(ProposalSubmitted.class);
        assertThat(((SandboxState.Live) state).policies().revisions()).hasSize(1);
    }
}
