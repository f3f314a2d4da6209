package io.openshell.cli.command.inference;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.InferenceRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.inference.v1.GetInferenceRouteResponse;
import io.openshell.wire.inference.v1.SetInferenceRouteRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code inference update}: what is not named stays. */
@Command(name = "update", description = "Changes parts of a route.")
final class InferenceUpdateCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "--provider", paramLabel = "NAME", description = "Provider that answers.")
    @Nullable String provider;

    @Option(names = "--model", paramLabel = "MODEL", description = "Model, as the provider names it.")
    @Nullable String model;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Bound of an answer that is not streamed.")
    @Nullable Long timeout;

    @Option(names = "--system", description = "The platform's own route.")
    boolean system;

    @Option(names = "--no-verify", description = "Accepted; the provider is never asked.")
    boolean noVerify;

    InferenceUpdateCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (provider == null && model == null && timeout == null) {
            throw new CliException("say what to change: --provider, --model or --timeout.", ExitCodes.USAGE);
        }
        Session session = context.session();
        String name = RouteView.name(system);
        GetInferenceRouteResponse now = RouteView.find(session, name)
                .orElseThrow(() -> new CliException("route " + name + " is not configured; use `openshell inference set`."));
        session.client().call(InferenceRpc.SET, SetInferenceRouteRequest.newBuilder()
                .setProviderName(provider == null ? now.getProviderName() : provider)
                .setModelId(model == null ? now.getModelId() : model)
                .setTimeoutSecs(timeout == null ? now.getTimeoutSecs() : timeout)
                .setRouteName(name).setNoVerify(noVerify).setWorkspace(session.workspace()).build());
        RouteView.find(session, name).ifPresent(route -> context.printer().data(RouteView.section(route)));
        return ExitCodes.OK;
    }
}
