package io.openshell.wire.events;

import io.openshell.model.policy.NetworkRule;
import io.openshell.model.sandbox.AgentProposal;
import io.openshell.model.sandbox.Drafts;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.wire.events.v1.DecideDraft;
import io.openshell.wire.events.v1.DraftDecided;
import io.openshell.wire.events.v1.DraftEdited;
import io.openshell.wire.events.v1.EditDraft;
import io.openshell.wire.events.v1.ProposalSubmitted;
import io.openshell.wire.events.v1.SandboxLive;
import io.openshell.wire.events.v1.SetPolicy;
import io.openshell.wire.events.v1.StoredDraft;
import io.openshell.wire.events.v1.StoredProposal;
import io.openshell.wire.events.v1.SubmitProposal;
import io.openshell.wire.policy.PolicyCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Changes of a policy and decisions about proposals, on the wire. */
final class DraftCodec {

    private DraftCodec() {}

    static SetPolicy encode(SandboxCommand.SetPolicy c) {
        return SetPolicy.newBuilder()
                .setPolicy(PolicyCodec.encode(c.policy()))
                .putAllProvenance(c.provenance())
                .setExpectedVersion(c.expectedVersion())
                .build();
    }

    static SandboxCommand.SetPolicy decode(SetPolicy m) {
        return new SandboxCommand.SetPolicy(PolicyCodec.decode(m.getPolicy()), m.getProvenanceMap(), m.getExpectedVersion());
    }

    static DecideDraft encode(SandboxCommand.DecideDraft c) {
        DecideDraft.Builder message = DecideDraft.newBuilder()
                .setDraftId(c.draftId())
                .setVerdict(c.verdict().name())
                .setReason(c.reason());
        c.change().ifPresent(change -> message.setChange(encode(change)));
        return message.build();
    }

    static SandboxCommand.DecideDraft decode(DecideDraft m) {
        return new SandboxCommand.DecideDraft(m.getDraftId(), Names.of(Drafts.Verdict.class, m.getVerdict()), m.getReason(),
                m.hasChange() ? Optional.of(decode(m.getChange())) : Optional.empty());
    }

    static DraftDecided encode(SandboxEvent.DraftDecided e) {
        return DraftDecided.newBuilder()
                .setDraftId(e.draftId())
                .setVerdict(e.verdict().name())
                .setReason(e.reason())
                .setPolicyVersion(e.policyVersion())
                .build();
    }

    static StoredDraft stored(String draftId, Drafts.Decided decided) {
        return StoredDraft.newBuilder()
                .setDecided(encode(new SandboxEvent.DraftDecided(
                        draftId, decided.verdict(), decided.reason(), decided.policyVersion())))
                .setAt(Times.encode(decided.at()))
                .build();
    }

    static StoredProposal stored(AgentProposal proposal) {
        return StoredProposal.newBuilder()
                .setSubmitted(encode(new SandboxEvent.ProposalSubmitted(
                        proposal.id(), proposal.ruleName(), proposal.rule(), proposal.intent())))
                .setAt(Times.encode(proposal.at()))
                .build();
    }

    static Drafts drafts(SandboxLive in) {
        Map<String, Drafts.Decided> decided = new HashMap<>();
        in.getDraftsList().forEach(each -> decided.put(each.getDecided().getDraftId(), new Drafts.Decided(
                Names.of(Drafts.Verdict.class, each.getDecided().getVerdict()), each.getDecided().getReason(),
                each.getDecided().getPolicyVersion(), Times.decode(each.getAt()))));
        List<AgentProposal> proposed = in.getProposedList().stream().map(each -> new AgentProposal(
                each.getSubmitted().getProposalId(), each.getSubmitted().getRuleName(),
                PolicyCodec.rule(each.getSubmitted().getRule()), each.getSubmitted().getIntent(), Times.decode(each.getAt()))).toList();
        Map<String, NetworkRule> edits = new HashMap<>();
        in.getEditsList().forEach(each -> edits.put(each.getDraftId(), PolicyCodec.rule(each.getRule())));
        return new Drafts(decided, proposed, edits);
    }

    static EditDraft encode(SandboxCommand.EditDraft c) {
        return EditDraft.newBuilder().setDraftId(c.draftId()).setRule(PolicyCodec.rule(c.rule())).build();
    }

    static SandboxCommand.EditDraft decode(EditDraft m) {
        return new SandboxCommand.EditDraft(m.getDraftId(), PolicyCodec.rule(m.getRule()));
    }

    static DraftEdited encode(SandboxEvent.DraftEdited e) {
        return DraftEdited.newBuilder().setDraftId(e.draftId()).setRule(PolicyCodec.rule(e.rule())).build();
    }

    static SandboxEvent.DraftEdited decode(DraftEdited m) {
        return new SandboxEvent.DraftEdited(m.getDraftId(), PolicyCodec.rule(m.getRule()));
    }

    static SubmitProposal encode(SandboxCommand.SubmitProposal c) {
        return SubmitProposal.newBuilder().setProposalId(c.proposalId()).setRuleName(c.ruleName())
                .setRule(PolicyCodec.rule(c.rule())).setIntent(c.intent()).build();
    }

    static SandboxCommand.SubmitProposal decode(SubmitProposal m) {
        return new SandboxCommand.SubmitProposal(
                m.getProposalId(), m.getRuleName(), PolicyCodec.rule(m.getRule()), m.getIntent());
    }

    static ProposalSubmitted encode(SandboxEvent.ProposalSubmitted e) {
        return ProposalSubmitted.newBuilder().setProposalId(e.proposalId()).setRuleName(e.ruleName())
                .setRule(PolicyCodec.rule(e.rule())).setIntent(e.intent()).build();
    }

    static SandboxEvent.ProposalSubmitted decode(ProposalSubmitted m) {
        return new SandboxEvent.ProposalSubmitted(
                m.getProposalId(), m.getRuleName(), PolicyCodec.rule(m.getRule()), m.getIntent());
    }

    static SandboxEvent.DraftDecided decode(DraftDecided m) {
        return new SandboxEvent.DraftDecided(
                m.getDraftId(), Names.of(Drafts.Verdict.class, m.getVerdict()), m.getReason(), m.getPolicyVersion());
    }
}
