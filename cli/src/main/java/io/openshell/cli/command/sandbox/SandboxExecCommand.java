package io.openshell.cli.command.sandbox;

import com.google.protobuf.ByteString;
import io.openshell.cli.CliException;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Parsers;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.ExecSandboxRequest;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sandbox exec}: runs one more program in a sandbox and ends with its exit status. */
@Command(name = "exec", description = "Runs a command in a sandbox.")
public final class SandboxExecCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = {"-n", "--name"}, paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--workdir", paramLabel = "DIR", description = "Folder to run in.")
    String workdir = "";

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "End the command after this time; 0 is never.")
    int timeout;

    @Option(names = "--tty", negatable = true, description = "Give the command a terminal (default: when there is one).")
    @Nullable Boolean tty;

    @Option(names = "--env", paramLabel = "KEY=VALUE", description = "Environment variable; repeatable.")
    List<String> environment = new ArrayList<>();

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "Program and arguments.")
    List<String> command = new ArrayList<>();

    SandboxExecCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Sandbox sandbox = session.sandbox(name);
        boolean typed = context.terminal().stdin();
        boolean terminal = tty != null ? tty : typed && context.terminal().stdout();
        ExecSandboxRequest.Builder request = ExecSandboxRequest.newBuilder().setSandboxId(sandbox.getMetadata().getId())
                .addAllCommand(command).setWorkdir(workdir).setTimeoutSeconds(Math.max(0, timeout)).setTty(terminal)
                .putAllEnvironment(Parsers.pairs("--env", environment));
        int exitCode;
        try {
            exitCode = terminal && typed
                    ? new Attachment(context, session).exec(request.build())
                    : once(session, request.setStdin(typed ? ByteString.EMPTY : PipedInput.read(context.in())).build());
        } catch (RpcException e) {
            throw explained(e, sandbox);
        }
        session.used(sandbox.getMetadata().getName());
        return exitCode;
    }

    /** A sandbox that was not ready a moment ago is why; what it waits for or lacks is worth more than that it is not. */
    private static RuntimeException explained(RpcException refusal, Sandbox sandbox) {
        SandboxPhase phase = sandbox.getStatus().getPhase();
        if (refusal.code() != RpcCode.FAILED_PRECONDITION || phase == SandboxPhase.SANDBOX_PHASE_READY) {
            return refusal;
        }
        String name = sandbox.getMetadata().getName();
        String reason = SandboxView.reason(sandbox);
        boolean ended = phase == SandboxPhase.SANDBOX_PHASE_ERROR || phase == SandboxPhase.SANDBOX_PHASE_STOPPED;
        return new CliException("sandbox '" + name + "' is not ready: " + SandboxView.word(phase)
                + (reason.isEmpty() ? "" : ", " + reason) + "."
                + (ended ? " `openshell sandbox start " + name + "` starts it again." : ""));
    }

    private int once(Session session, ExecSandboxRequest request) {
        RemoteOutput output = new RemoteOutput(context.printer());
        session.client().stream(Rpc.EXEC, request, output::take, null);
        return output.exitCode();
    }
}
