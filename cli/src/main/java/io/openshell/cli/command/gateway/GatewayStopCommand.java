package io.openshell.cli.command.gateway;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code gateway stop}. */
@Command(name = "stop", description = "Stops the gateway of this machine; sandboxes keep running, without a way out, until its next start.")
public final class GatewayStopCommand implements Callable<Integer> {
    private final CliContext context;

    GatewayStopCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        boolean stopped = context.localGateway().stop();
        context.printer().note(stopped ? "✓ Gateway stopped" : "! No gateway is running on this machine");
        int kept = stopped ? context.localGateway().keptSandboxes() : 0;
        if (kept > 0) {
            context.printer().note((kept == 1 ? "! 1 sandbox keeps" : "! " + kept + " sandboxes keep")
                    + " running, without a way out until `openshell gateway start`; `openshell sandbox stop` ends them");
        }
        return ExitCodes.OK;
    }
}
