package io.openshell.cli.command.policy;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.GlobalRpc;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.Agreement;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.control.v1.GetGlobalPolicyReachRequest;
import io.openshell.wire.control.v1.GlobalPolicyReach;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.openshell.wire.v1.UpdateConfigResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Changes the global policy: asks first, says what became of it and waits for the running sandboxes if asked to. */
final class GlobalChange {
    private static final int MOST_NAMES = 5;

    private final CliContext context;
    private final boolean agreed;

    /**
     * A change that was agreed to on the command line, or has to be asked about.
     *
     * @param name of a sandbox, which has no place here
     */
    GlobalChange(CliContext context, @Nullable String name, boolean agreed) {
        Agreement.noName(name);
        this.context = context;
        this.agreed = agreed;
    }

    int set(SandboxPolicy policy, boolean wait, int timeoutSeconds) {
        Agreement.require(context, agreed, "Set this policy for every sandbox, instead of its own?");
        Session session = context.session();
        if (policy.hasFilesystem() || policy.hasLandlock() || policy.hasProcess()) {
            session.printer().note("! its file system, landlock and process sections are not applied: a sandbox keeps its own");
        }
        int before = session.client().call(GlobalRpc.REACH, GetGlobalPolicyReachRequest.getDefaultInstance()).getVersion();
        UpdateConfigResponse answer = session.client().call(Rpc.UPDATE_CONFIG,
                UpdateConfigRequest.newBuilder().setGlobal(true).setPolicy(policy).build());
        session.printer().note(answer.getVersion() == before
                ? "✓ Global policy unchanged (version " + before + ", hash: " + RevisionView.hash(answer.getPolicyHash()) + ")"
                : "✓ Global policy version " + answer.getVersion() + " set (hash: "
                        + RevisionView.hash(answer.getPolicyHash()) + ")");
        return wait ? await(session, answer.getVersion(), timeoutSeconds) : ExitCodes.OK;
    }

    int delete(boolean wait, int timeoutSeconds) {
        Agreement.require(context, agreed, "Delete the global policy? Each sandbox's own decides again.");
        Session session = context.session();
        UpdateConfigResponse answer = session.client().call(Rpc.UPDATE_CONFIG,
                UpdateConfigRequest.newBuilder().setGlobal(true).setSettingKey("policy").setDeleteSetting(true).build());
        session.printer().note(answer.getDeleted() ? "✓ Global policy deleted" : "! There is no global policy");
        return wait ? await(session, 0, timeoutSeconds) : ExitCodes.OK;
    }

    private static int await(Session session, int version, int timeoutSeconds) {
        PollPause pause = new PollPause(Duration.ofSeconds(Math.max(0, timeoutSeconds)));
        String what = version == 0 ? "the deletion of the global policy" : "global policy version " + version;
        while (true) {
            GlobalPolicyReach reach =
                    session.client().call(GlobalRpc.REACH, GetGlobalPolicyReachRequest.getDefaultInstance());
            if (reach.getVersion() != version) {
                session.printer().note("! " + what + " was superseded by a newer change");
                return ExitCodes.OK;
            }
            if (reach.getNotLoaded() == 0) {
                session.printer().note("✓ In force in all " + reach.getLoaded() + " running sandboxes");
                return ExitCodes.OK;
            }
            if (!pause.next()) {
                throw new CliException(what + " was not taken up within " + timeoutSeconds + " s by "
                        + reach.getNotLoaded() + " sandboxes: "
                        + String.join(", ", reach.getWaitingList().stream().limit(MOST_NAMES).toList()), ExitCodes.TIMEOUT);
            }
        }
    }
}
