package io.openshell.cli.command.gateway;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.CliException;
import io.openshell.cli.config.GatewayRegistry;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code gateway select}. */
@Command(name = "select", description = "Makes a gateway the active one.")
public final class GatewaySelectCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Gateway; without a name they are listed.")
    @Nullable String name;

    GatewaySelectCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (name == null) {
            context.printer().data(GatewayTable.text(context));
            return ExitCodes.OK;
        }
        if (context.registry().find(name).isEmpty()) {
            throw new CliException(GatewayRegistry.unknown(name));
        }
        context.registry().select(name);
        context.printer().note("✓ Active gateway: " + name);
        return ExitCodes.OK;
    }
}
