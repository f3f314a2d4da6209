package io.openshell.cli.command.sandbox;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.ProviderRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.AttachSandboxProviderRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sandbox provider attach}. */
@Command(name = "attach", description = "Lets a sandbox use the credentials of a provider.")
final class SandboxProviderAttachCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(index = "0", paramLabel = "NAME", description = "Sandbox.")
    String name = "";

    @Parameters(index = "1", paramLabel = "PROVIDER", description = "Provider.")
    String provider = "";

    SandboxProviderAttachCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        boolean changed = session.client().call(ProviderRpc.ATTACH, AttachSandboxProviderRequest.newBuilder()
                .setSandboxName(name).setProviderName(provider).setWorkspace(session.workspace()).build()).getAttached();
        context.printer().line(changed
                ? "✓ Attached provider " + provider + " to sandbox " + name
                : "Provider " + provider + " was attached to sandbox " + name + " already");
        return ExitCodes.OK;
    }
}
