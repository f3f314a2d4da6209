package io.openshell.wire.events;

import io.openshell.model.sandbox.Drafts;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.wire.events.v1.DecideDraft;
import io.openshell.wire.events.v1.DraftDecided;
import io.openshell.wire.events.v1.SetPolicy;
import io.openshell.wire.events.v1.StoredDraft;
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

    static Drafts drafts(List<StoredDraft> stored) {
        Map<String, Drafts.Decided> decided = new HashMap<>();
        stored.forEach(each -> decided.put(each.getDecided().getDraftId(), new Drafts.Decided(
                Names.of(Drafts.Verdict.class, each.getDecided().getVerdict()), each.getDecided().getReason(),
                each.getDecided().getPolicyVersion(), Times.decode(each.getAt()))));
        return new Drafts(decided);
    }

    static SandboxEvent.DraftDecided decode(DraftDecided m) {
        return new SandboxEvent.DraftDecided(
                m.getDraftId(), Names.of(Drafts.Verdict.class, m.getVerdict()), m.getReason(), m.getPolicyVersion());
    }
}
