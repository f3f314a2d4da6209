package io.openshell.cli.command.inference;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.AsOfOption;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code inference get}: both routes, or the platform's. */
@Command(name = "get", description = "Shows where the routes lead.")
final class InferenceGetCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "--system", description = "Only the platform's own route.")
    boolean system;

    @Mixin
    AsOfOption asOf = new AsOfOption();

    InferenceGetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = asOf.on(context.session());
        for (String name : system ? List.of(RouteView.SYSTEM) : List.of(RouteView.USER, RouteView.SYSTEM)) {
            context.printer().line(name + ":");
            context.printer().data(RouteView.find(session, name).map(RouteView::section).orElse("  Not configured\n"));
        }
        return ExitCodes.OK;
    }
}
