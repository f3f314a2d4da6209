package io.openshell.cli.command.policy;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.GetSandboxPolicyStatusRequest;
import io.openshell.wire.v1.SandboxPolicyRevision;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.openshell.wire.v1.UpdateConfigResponse;
import java.time.Duration;

/** Sends a change of a sandbox's policy, says what became of it and waits for the sandbox if asked to. */
record RevisionWait(Session session, String sandbox) {

    /** A revision with its policy; 0 is the newest. */
    SandboxPolicyRevision revision(int version) {
        return session.client().call(Rpc.POLICY_STATUS, GetSandboxPolicyStatusRequest.newBuilder().setName(sandbox)
                .setWorkspace(session.workspace()).setVersion(version).build()).getRevision();
    }

    /** Sends a change; returns the exit status. */
    int change(UpdateConfigRequest.Builder change, boolean wait, int timeoutSeconds) {
        int before = newestVersion();
        UpdateConfigResponse answer = session.client().call(Rpc.UPDATE_CONFIG,
                change.setName(sandbox).setWorkspace(session.workspace()).build());
        if (answer.getVersion() == before) {
            unchanged(answer.getVersion(), answer.getPolicyHash());
        } else {
            session.printer().note("✓ Policy version " + answer.getVersion() + " submitted (hash: "
                    + RevisionView.hash(answer.getPolicyHash()) + ")");
        }
        // Also when unchanged: it may have been stored by somebody else a moment ago, and waiting promises that it is enforced.
        return wait ? await(answer.getVersion(), timeoutSeconds) : ExitCodes.OK;
    }

    void unchanged(int version, String hash) {
        session.printer().note("✓ Policy unchanged (version " + version + ", hash: " + RevisionView.hash(hash) + ")");
    }

    private int newestVersion() {
        try {
            return revision(0).getVersion();
        } catch (RpcException e) {
            if (e.code() == RpcCode.NOT_FOUND) {
                // No revision yet; a missing sandbox is refused by the change itself.
                return 0;
            }
            throw e;
        }
    }

    private int await(int version, int timeoutSeconds) {
        PollPause pause = new PollPause(Duration.ofSeconds(Math.max(0, timeoutSeconds)));
        while (true) {
            SandboxPolicyRevision revision = revision(version);
            switch (revision.getStatus()) {
                case POLICY_STATUS_LOADED -> {
                    session.printer().note("✓ Policy version " + version + " loaded");
                    return ExitCodes.OK;
                }
                case POLICY_STATUS_FAILED -> throw new CliException("the sandbox refused policy version " + version + ": "
                        + revision.getLoadError());
                case POLICY_STATUS_SUPERSEDED -> {
                    session.printer().note("! Policy version " + version + " was superseded by a newer one");
                    return ExitCodes.OK;
                }
                case POLICY_STATUS_PENDING, POLICY_STATUS_UNSPECIFIED, UNRECOGNIZED -> { }
            }
            if (!pause.next()) {
                throw new CliException("policy version " + version + " was not loaded within " + timeoutSeconds
                        + " s; `openshell policy list " + sandbox + "` shows its state.", ExitCodes.TIMEOUT);
            }
        }
    }
}
