package io.openshell.cli.command.sandbox;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.ProviderRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.DetachSandboxProviderRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sandbox provider detach}. */
@Command(name = "detach", description = "Takes a provider's credentials from a sandbox.")
final class SandboxProviderDetachCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(index = "0", paramLabel = "NAME", description = "Sandbox.")
    String name = "";

    @Parameters(index = "1", paramLabel = "PROVIDER", description = "Provider.")
    String provider = "";

    SandboxProviderDetachCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        boolean changed = session.client().call(ProviderRpc.DETACH, DetachSandboxProviderRequest.newBuilder()
                .setSandboxName(name).setProviderName(provider).setWorkspace(session.workspace()).build()).getDetached();
        context.printer().line(changed
                ? "✓ Detached provider " + provider + " from sandbox " + name
                : "Provider " + provider + " was not attached to sandbox " + name);
        return ExitCodes.OK;
    }
}
