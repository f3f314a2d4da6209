package io.openshell.model.sandbox;

import io.openshell.model.Decision;
import io.openshell.model.RejectionCode;
import io.openshell.model.sandbox.SandboxState.Live;
import java.util.ArrayList;
import java.util.List;

/** What becomes of decisions about proposed rules. Pure. */
final class DraftDecisions {

    private DraftDecisions() {}

    static Decision<SandboxEvent> decide(SandboxCommand.DecideDraft c, Live live) {
        if (live.phase() == Phase.DELETING) {
            return Decision.reject(RejectionCode.SANDBOX_BEING_DELETED, "the sandbox is being deleted");
        }
        if (!live.drafts().allows(c.draftId(), c.verdict())) {
            String now = live.drafts().of(c.draftId()).map(d -> d.verdict().name().toLowerCase(java.util.Locale.ROOT)).orElse("pending");
            return Decision.reject(RejectionCode.DRAFT_STATUS, "proposal " + c.draftId() + " is " + now);
        }
        // Putting a proposal away is about the proposal alone.
        if (c.change().isEmpty() || c.verdict() == Drafts.Verdict.CLEARED) {
            return Decision.accept(new SandboxEvent.DraftDecided(c.draftId(), c.verdict(), c.reason(), 0));
        }
        return switch (UserCommands.setPolicy(c.change().get(), live)) {
            case Decision.Rejected<SandboxEvent> refused -> refused;
            case Decision.Accepted<SandboxEvent> stored -> decided(c, live, stored.events());
        };
    }

    private static Decision<SandboxEvent> decided(SandboxCommand.DecideDraft c, Live live, List<SandboxEvent> stored) {
        int version = stored.isEmpty() ? 0 : live.policies().revisions().size() + 1;
        List<SandboxEvent> events = new ArrayList<>(stored);
        events.add(new SandboxEvent.DraftDecided(c.draftId(), c.verdict(), c.reason(), version));
        return new Decision.Accepted<>(events);
    }
}
