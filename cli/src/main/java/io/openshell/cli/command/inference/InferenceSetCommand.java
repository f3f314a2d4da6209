package io.openshell.cli.command.inference;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.InferenceRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.inference.v1.SetInferenceRouteRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code inference set}. */
@Command(name = "set", description = "Points a route at a provider's model.")
final class InferenceSetCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "--provider", required = true, paramLabel = "NAME", description = "Provider that answers.")
    String provider = "";

    @Option(names = "--model", required = true, paramLabel = "MODEL", description = "Model, as the provider names it.")
    String model = "";

    @Option(names = "--system", description = "The platform's own route.")
    boolean system;

    @Option(names = "--no-verify", description = "Accepted; the provider is never asked.")
    boolean noVerify;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Bound of an answer that is not streamed (default: 0, which means 60).")
    long timeout;

    InferenceSetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String name = RouteView.name(system);
        session.client().call(InferenceRpc.SET, SetInferenceRouteRequest.newBuilder().setProviderName(provider)
                .setModelId(model).setRouteName(name).setNoVerify(noVerify).setTimeoutSecs(timeout)
                .setWorkspace(session.workspace()).build());
        RouteView.find(session, name).ifPresent(route -> context.printer().data(RouteView.section(route)));
        return ExitCodes.OK;
    }
}
