package io.openshell.model.sandbox;

import io.openshell.model.MisfitEvent;
import io.openshell.model.sandbox.PolicyRevision.Status;
import io.openshell.model.sandbox.SandboxState.Deleted;
import io.openshell.model.sandbox.SandboxState.Lifecycle;
import io.openshell.model.sandbox.SandboxState.Live;
import io.openshell.model.sandbox.SandboxState.Placement;
import io.openshell.model.sandbox.SandboxState.Unused;
import io.openshell.model.settings.Settings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How each event changes a sandbox's state: one line per event, and nothing else changes state. */
final class SandboxFold {

    private SandboxFold() {}

    static SandboxState evolve(SandboxState state, SandboxEvent event, Instant at) {
        if (event instanceof SandboxEvent.SandboxRequested requested) {
            return switch (state) {
                case Unused u -> requested(requested.request(), Placement.NONE, at);
                case Deleted d -> requested(requested.request(), new Placement("", d.epoch()), at);
                case Live l -> throw new MisfitEvent("SandboxRequested", "a live sandbox");
            };
        }
        return switch (state) {
            case Live live -> evolveLive(live, event, at);
            case Unused u -> throw misfit(event, "an unused name");
            case Deleted d -> throw misfit(event, "a deleted sandbox");
        };
    }

    private static Live requested(SandboxRequest request, Placement before, Instant at) {
        Lifecycle first = new Lifecycle(Phase.PROVISIONING, because(false, "Requested", "", at), "", Optional.empty());
        return new Live(request, at, before, Policies.NONE, first, Optional.empty(), Drafts.NONE, List.of(), Settings.NONE);
    }

    private static SandboxState evolveLive(Live s, SandboxEvent event, Instant at) {
        return switch (event) {
            case SandboxEvent.SandboxRequested e -> throw misfit(e, "a live sandbox");
            case SandboxEvent.PolicyRevisionStored e -> s.with(stored(s.policies(), e, at));
            case SandboxEvent.SandboxAssigned e -> s.with(s.placement().next(e.node(), e.epoch()))
                    .with(to(s, Phase.PROVISIONING, "Assigned", "waits for node " + e.node(), at));
            case SandboxEvent.LayersEnforced e -> s.with(e.enforcement());
            case SandboxEvent.SandboxReady e -> s.with(new Lifecycle(Phase.READY, running(at), e.instanceId(), Optional.empty()));
            case SandboxEvent.SandboxRefused e -> s.with(to(s, Phase.ERROR, e.code(), e.reason(), at));
            case SandboxEvent.SandboxInterrupted e ->
                s.with(to(s, Phase.PROVISIONING, "DependenciesNotReady", e.reason(), at));
            case SandboxEvent.SandboxAdopted e -> s;
            case SandboxEvent.LimitReached e -> s;
            case SandboxEvent.SandboxPaused e -> s.with(to(s, s.phase(), "Paused", e.detail(), at));
            case SandboxEvent.SandboxResumed e -> s.with(s.lifecycle().to(s.phase(), running(at)));
            case SandboxEvent.MainProcessExited e -> s.with(exited(s.lifecycle(), e, at));
            case SandboxEvent.StopRequested e -> s.with(to(s, Phase.STOPPING, "Stopping", "", at));
            case SandboxEvent.SandboxStopped e -> s.with(to(s, Phase.STOPPED, "Stopped", "", at));
            case SandboxEvent.StartRequested e -> s.with(s.placement().next(e.node(), e.epoch()))
                    .with(to(s, Phase.STARTING, "Starting", "", at));
            case SandboxEvent.DeleteRequested e -> s.with(to(s, Phase.DELETING, "Deleting", "", at));
            case SandboxEvent.SandboxDeleted e -> new Deleted(e.sandboxId(), s.placement().epoch());
            case SandboxEvent.PolicyRevisionLoaded e -> s.with(s.policies().loaded(e.version(), at));
            case SandboxEvent.PolicyRevisionFailed e -> s.with(s.policies().failed(e.version(), e.error()));
            case SandboxEvent.GlobalPolicyLoaded e -> s.with(s.policies().under(e.version()));
            case SandboxEvent.ProviderRulesLoaded e -> s.with(s.policies().beside(e.mark()));
            case SandboxEvent.DraftDecided e -> s.with(s.drafts().with(
                    e.draftId(), new Drafts.Decided(e.verdict(), e.reason(), e.policyVersion(), at)));
            case SandboxEvent.ProposalSubmitted e -> s.with(s.drafts().with(
                    new AgentProposal(e.proposalId(), e.ruleName(), e.rule(), e.intent(), at)));
            case SandboxEvent.DraftEdited e -> s.with(s.drafts().with(e.draftId(), e.rule()));
            case SandboxEvent.SettingChanged e -> s.with(s.settings().with(e.key(), e.value()));
            case SandboxEvent.ProviderAttached e -> s.attached(e.attachment());
            case SandboxEvent.ProviderDetached e -> s.detached(e.provider());
            case SandboxEvent.SessionOpened e -> s;
            case SandboxEvent.SessionClosed e -> s;
        };
    }

    private static Policies stored(Policies policies, SandboxEvent.PolicyRevisionStored e, Instant at) {
        if (e.version() != policies.revisions().size() + 1) {
            throw new MisfitEvent("policy version " + e.version(), policies.revisions().size() + " versions");
        }
        return policies.stored(
                new PolicyRevision(e.version(), e.hash(), e.policy(), e.provenance(), Status.PENDING, at));
    }

    private static Lifecycle exited(Lifecycle now, SandboxEvent.MainProcessExited e, Instant at) {
        String told = "the main process ended" + e.exitCode().map(code -> " with status " + code)
                .orElse("; its status is not known, as it ended while no agent was there to see it");
        return new Lifecycle(
                Phase.ERROR,
                because(false, "MainProcessExited", told, at),
                now.instanceId(),
                e.exitCode());
    }

    private static Condition running(Instant at) {
        return because(true, "DependenciesReady", "sealed and running", at);
    }

    private static Lifecycle to(Live s, Phase phase, String reason, String message, Instant at) {
        return s.lifecycle().to(phase, because(false, reason, message, at));
    }

    private static Condition because(boolean ready, String reason, String message, Instant at) {
        return new Condition(ready, reason, message, at);
    }

    private static MisfitEvent misfit(SandboxEvent event, String state) {
        return new MisfitEvent(event.getClass().getSimpleName(), state);
    }
}
