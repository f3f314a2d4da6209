package io.openshell.cli.command.gateway;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.local.GatewayStart;
import io.openshell.cli.local.LocalGateway;
import io.openshell.cli.output.Steps;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gateway start}. */
@Command(name = "start", description = "Starts the gateway of this machine.")
public final class GatewayStartCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "--port", paramLabel = "PORT", description = "TCP port for other clients (default: OPENSHELL_GATEWAY_PORT or 17670).")
    @Nullable Integer port;

    @Option(names = "--kafka", paramLabel = "HOST:PORT[,HOST:PORT]", description = "Existing Kafka cluster (default: built in).")
    @Nullable String kafka;

    @Option(names = "--foreground", description = "Run in this terminal until it is stopped.")
    boolean foreground;

    GatewayStartCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        GatewayStart how = new GatewayStart(Session.port(context, port), kafka);
        LocalGateway local = context.localGateway();
        if (foreground) {
            return local.runInForeground(how);
        }
        try (Steps steps = context.steps()) {
            boolean started = local.start(how, steps);
            context.printer().note(started ? "✓ Gateway started on port " + how.port() : "✓ Gateway is running already");
        }
        return ExitCodes.OK;
    }
}
