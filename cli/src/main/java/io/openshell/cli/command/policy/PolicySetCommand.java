package io.openshell.cli.command.policy;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import io.openshell.wire.v1.GetSandboxPolicyStatusRequest;
import io.openshell.wire.v1.SandboxPolicyRevision;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.openshell.wire.v1.UpdateConfigResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy set}: replaces the whole policy of a sandbox. */
@Command(name = "set", description = "Replaces the policy of a sandbox.")
public final class PolicySetCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--policy", required = true, paramLabel = "FILE", description = "The policy, a YAML file.")
    Path policy = Path.of("");

    @Option(names = "--wait", description = "Return when the sandbox enforces it.")
    boolean wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Longest wait (default: ${DEFAULT-VALUE}).")
    int timeout = 60;

    PolicySetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        SandboxPolicy parsed = PolicyFile.read(policy);
        Session session = context.session();
        String sandbox = session.nameOr(name);
        int before = newestVersion(session, sandbox);
        UpdateConfigResponse answer = session.client().call(Rpc.UPDATE_CONFIG, UpdateConfigRequest.newBuilder()
                .setName(sandbox).setWorkspace(session.workspace()).setPolicy(parsed).build());
        String hash = RevisionView.hash(answer.getPolicyHash());
        context.printer().note(answer.getVersion() == before
                ? "✓ Policy unchanged (version " + before + ", hash: " + hash + ")"
                : "✓ Policy version " + answer.getVersion() + " submitted (hash: " + hash + ")");
        return wait ? await(session, sandbox, answer.getVersion()) : ExitCodes.OK;
    }

    private static int newestVersion(Session session, String sandbox) {
        try {
            return revision(session, sandbox, 0).getVersion();
        } catch (RpcException e) {
            if (e.code() == RpcCode.NOT_FOUND) {
                // No revision yet; a missing sandbox is refused by the change itself.
                return 0;
            }
            throw e;
        }
    }

    private static SandboxPolicyRevision revision(Session session, String sandbox, int version) {
        return session.client().call(Rpc.POLICY_STATUS, GetSandboxPolicyStatusRequest.newBuilder().setName(sandbox)
                .setWorkspace(session.workspace()).setVersion(version).build()).getRevision();
    }

    private int await(Session session, String sandbox, int version) {
        PollPause pause = new PollPause(Duration.ofSeconds(Math.max(0, timeout)));
        while (true) {
            SandboxPolicyRevision revision = revision(session, sandbox, version);
            switch (revision.getStatus()) {
                case POLICY_STATUS_LOADED -> {
                    context.printer().note("✓ Policy version " + version + " loaded");
                    return ExitCodes.OK;
                }
                case POLICY_STATUS_FAILED -> throw new CliException("the sandbox refused policy version " + version + ": "
                        + revision.getLoadError());
                case POLICY_STATUS_SUPERSEDED -> {
                    context.printer().note("! Policy version " + version + " was superseded by a newer one");
                    return ExitCodes.OK;
                }
                case POLICY_STATUS_PENDING, POLICY_STATUS_UNSPECIFIED, UNRECOGNIZED -> { }
            }
            if (!pause.next()) {
                throw new CliException("policy version " + version + " was not loaded within " + timeout
                        + " s; `openshell policy list " + sandbox + "` shows its state.", ExitCodes.TIMEOUT);
            }
        }
    }
}
