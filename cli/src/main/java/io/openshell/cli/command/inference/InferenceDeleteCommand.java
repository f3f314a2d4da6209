package io.openshell.cli.command.inference;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.InferenceRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.inference.v1.DeleteInferenceRouteRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code inference delete}. */
@Command(name = "delete", description = "Takes a route away.")
final class InferenceDeleteCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "--system", description = "The platform's own route.")
    boolean system;

    InferenceDeleteCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String name = RouteView.name(system);
        boolean deleted = session.client().call(InferenceRpc.DELETE, DeleteInferenceRouteRequest.newBuilder()
                .setRouteName(name).setWorkspace(session.workspace()).build()).getDeleted();
        context.printer().line(deleted ? "✓ Deleted route " + name : "! Route " + name + " is not configured");
        return ExitCodes.OK;
    }
}
