package io.openshell.model.sandbox;

import io.openshell.model.Context;
import io.openshell.model.Decider;
import io.openshell.model.Decision;
import io.openshell.model.RejectionCode;
import io.openshell.model.Surroundings;
import io.openshell.model.sandbox.SandboxState.Deleted;
import io.openshell.model.sandbox.SandboxState.Live;
import io.openshell.model.sandbox.SandboxState.Unused;

/** The rules of a sandbox's stream. What users may ask is in {@link UserCommands}, what nodes report in {@link NodeReports}. */
public final class SandboxDecider implements Decider<SandboxCommand, SandboxState, SandboxEvent> {

    @Override
    public SandboxState initial() {
        return new Unused();
    }

    @Override
    public Decision<SandboxEvent> decide(SandboxCommand command, SandboxState state, Context context) {
        return decide(command, state, Surroundings.NONE, context);
    }

    /** The same where other streams have a say. */
    public Decision<SandboxEvent> decide(SandboxCommand command, SandboxState state, Surroundings around, Context context) {
        if (command instanceof SandboxCommand.Create create) {
            return UserCommands.create(create, state, around);
        }
        return switch (state) {
            case Live live -> decideLive(command, live, around, context);
            case Unused unused -> absent(command);
            case Deleted deleted -> absent(command);
        };
    }

    private static Decision<SandboxEvent> absent(SandboxCommand command) {
        // A node that reports what is gone already has nothing left to learn.
        return command instanceof SandboxCommand.ReportRemoved
                ? Decision.unchanged()
                : Decision.reject(RejectionCode.SANDBOX_UNKNOWN, "there is no such sandbox");
    }

    private static Decision<SandboxEvent> decideLive(
            SandboxCommand command, Live live, Surroundings around, Context context) {
        return switch (command) {
            case SandboxCommand.Create c -> UserCommands.create(c, live, around);
            case SandboxCommand.Stop c -> UserCommands.stop(live);
            case SandboxCommand.Start c -> UserCommands.start(c, live);
            case SandboxCommand.Delete c -> UserCommands.delete(live);
            case SandboxCommand.SetPolicy c -> UserCommands.setPolicy(c, live);
            case SandboxCommand.DecideDraft c -> DraftDecisions.decide(c, live);
            case SandboxCommand.EditDraft c -> Proposals.edit(c, live);
            case SandboxCommand.SubmitProposal c -> reported(live, context, Proposals.submit(c, live, around));
            case SandboxCommand.ChangeSetting c -> UserCommands.changeSetting(c, live, around.settings());
            case SandboxCommand.AttachProvider c -> UserCommands.attach(c, live, around);
            case SandboxCommand.DetachProvider c -> UserCommands.detach(c, live);
            case SandboxCommand.OpenSession c -> UserCommands.openSession(c, live);
            case SandboxCommand.ReportEnforced c -> reported(live, context, NodeReports.enforced(c, live));
            case SandboxCommand.ReportRefused c -> reported(live, context, NodeReports.refused(c, live));
            case SandboxCommand.ReportInterrupted c -> reported(live, context, NodeReports.interrupted(c, live));
            case SandboxCommand.ReportAdopted c -> reported(live, context, NodeReports.adopted(c, live));
            case SandboxCommand.ReportLimitReached c -> reported(live, context, NodeReports.limitReached(c, live));
            case SandboxCommand.ReportPause c -> reported(live, context, NodeReports.pause(c, live));
            case SandboxCommand.ReportMainExited c -> reported(live, context, NodeReports.mainExited(c, live));
            case SandboxCommand.ReportStopped c -> reported(live, context, NodeReports.stopped(c, live));
            case SandboxCommand.ReportRemoved c -> reported(live, context, NodeReports.removed(c, live));
            case SandboxCommand.ReportPolicyLoaded c -> reported(live, context, NodeReports.policyLoaded(c, live));
            case SandboxCommand.ReportPolicyFailed c -> reported(live, context, NodeReports.policyFailed(c, live));
            case SandboxCommand.ReportGlobalPolicy c -> reported(live, context, NodeReports.globalPolicy(c, live));
            case SandboxCommand.ReportProviderRules c -> reported(live, context, NodeReports.providerRules(c, live));
            case SandboxCommand.ReportSessionClosed c ->
                reported(live, context, Decision.accept(new SandboxEvent.SessionClosed(c.sessionId(), c.exitCode())));
        };
    }

    /** Only the node that runs a sandbox may tell about it. */
    private static Decision<SandboxEvent> reported(Live live, Context context, Decision<SandboxEvent> decision) {
        return context.actor().isNode(live.placement().node())
                ? decision
                : Decision.reject(
                        RejectionCode.REPORTER_NOT_ASSIGNED,
                        "'" + context.actor().subject() + "' does not run this sandbox");
    }

    @Override
    public SandboxState evolve(SandboxState state, SandboxEvent event, Context context) {
        return SandboxFold.evolve(state, event, context.time());
    }
}
