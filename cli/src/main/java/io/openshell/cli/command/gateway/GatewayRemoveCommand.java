package io.openshell.cli.command.gateway;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code gateway remove}. */
@Command(name = "remove", description = "Forgets a registered gateway.")
public final class GatewayRemoveCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Gateway (default: the active one).")
    @Nullable String name;

    GatewayRemoveCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String chosen = name != null ? name : context.choice().entry().name();
        context.registry().remove(chosen);
        context.printer().note("✓ Removed gateway " + chosen);
        return ExitCodes.OK;
    }
}
