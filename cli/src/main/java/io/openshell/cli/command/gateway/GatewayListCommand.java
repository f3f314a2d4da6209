package io.openshell.cli.command.gateway;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.output.OutputFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gateway list}. */
@Command(name = "list", description = "Lists known gateways.")
public final class GatewayListCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    GatewayListCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (format == OutputFormat.table) {
            context.printer().data(GatewayTable.text(context));
        } else {
            context.printer().document(format, GatewayTable.documents(context));
        }
        return ExitCodes.OK;
    }
}
