package io.openshell.cli.command.sandbox;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.ProviderRpc;
import io.openshell.cli.command.AsOfOption;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.command.provider.ProviderView;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.datamodel.v1.Provider;
import io.openshell.wire.v1.ListSandboxProvidersRequest;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sandbox provider list}. */
@Command(name = "list", description = "Lists the providers attached to a sandbox.")
final class SandboxProviderListCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Mixin
    AsOfOption asOf = new AsOfOption();

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    SandboxProviderListCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = asOf.on(context.session());
        List<Provider> attached = session.client().call(ProviderRpc.ATTACHED, ListSandboxProvidersRequest.newBuilder()
                .setSandboxName(session.nameOr(name)).setWorkspace(session.workspace()).build()).getProvidersList();
        if (format != OutputFormat.table) {
            context.printer().document(format, attached.stream().map(ProviderView::document).toList());
        } else if (attached.isEmpty()) {
            context.printer().line("No providers attached.");
        } else {
            context.printer().data(ProviderView.table(attached));
        }
        return ExitCodes.OK;
    }
}
