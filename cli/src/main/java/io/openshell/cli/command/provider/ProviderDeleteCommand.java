package io.openshell.cli.command.provider;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.ProviderRpc;
import io.openshell.cli.client.RpcException;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.DeleteProviderRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code provider delete}: deletes all it can and fails if one could not be deleted. */
@Command(name = "delete", description = "Deletes providers and destroys their secrets.")
final class ProviderDeleteCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "Providers to delete.")
    List<String> names = new ArrayList<>();

    ProviderDeleteCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        int exitCode = ExitCodes.OK;
        for (String name : names) {
            exitCode = Math.max(exitCode, delete(session, name));
        }
        return exitCode;
    }

    private int delete(Session session, String name) {
        try {
            boolean deleted = session.client().call(ProviderRpc.DELETE, DeleteProviderRequest.newBuilder()
                    .setName(name).setWorkspace(session.workspace()).build()).getDeleted();
            context.printer().line(deleted ? "✓ Deleted provider " + name : "! Provider " + name + " not found");
            return deleted ? ExitCodes.OK : ExitCodes.FAILURE;
        } catch (RpcException e) {
            context.printer().line("! Provider " + name + " not deleted: " + e.getMessage());
            return ExitCodes.FAILURE;
        }
    }
}
