package io.openshell.cli.command.provider;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.ProviderRpc;
import io.openshell.cli.command.AsOfOption;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.datamodel.v1.Provider;
import io.openshell.wire.v1.GetProviderRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code provider get}. */
@Command(name = "get", description = "Shows a provider; never a value.")
final class ProviderGetCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(paramLabel = "NAME", description = "Provider.")
    String name = "";

    @Mixin
    AsOfOption asOf = new AsOfOption();

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    ProviderGetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = asOf.on(context.session());
        Provider provider = session.client().call(ProviderRpc.GET, GetProviderRequest.newBuilder()
                .setName(name).setWorkspace(session.workspace()).build()).getProvider();
        if (format == OutputFormat.table) {
            context.printer().data(ProviderView.section(provider));
        } else {
            context.printer().document(format, ProviderView.document(provider));
        }
        return ExitCodes.OK;
    }
}
