package io.openshell.cli.command.sandbox;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.Steps;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import io.openshell.wire.v1.StopSandboxRequest;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sandbox stop}: waits until it is done. */
@Command(name = "stop", description = "Stops a sandbox and keeps its files.")
public final class SandboxStopCommand implements Callable<Integer> {
    private static final int LIMIT_SECONDS = 300;

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    SandboxStopCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String chosen = session.nameOr(name);
        Sandbox sandbox = session.client().call(Rpc.STOP, StopSandboxRequest.newBuilder().setName(chosen)
                .setWorkspace(session.workspace()).build()).getSandbox();
        Duration limit = Duration.ofSeconds(context.environment().seconds("OPENSHELL_LIFECYCLE_TIMEOUT", LIMIT_SECONDS));
        try (Steps steps = context.steps()) {
            steps.begin("Stopping sandbox");
            new PhaseWatch(session, steps, limit, sandbox).until(SandboxPhase.SANDBOX_PHASE_STOPPED);
            steps.done();
        }
        context.printer().line("✓ Stopped sandbox " + chosen);
        return ExitCodes.OK;
    }
}
