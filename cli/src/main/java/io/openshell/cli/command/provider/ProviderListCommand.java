package io.openshell.cli.command.provider;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.ProviderRpc;
import io.openshell.cli.command.AsOfOption;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Parsers;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.datamodel.v1.Provider;
import io.openshell.wire.v1.ListProvidersRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code provider list}. */
@Command(name = "list", description = "Lists providers.")
final class ProviderListCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "--limit", description = "At most so many (default: ${DEFAULT-VALUE}).")
    int limit = 100;

    @Option(names = "--offset", description = "Leave out so many (default: ${DEFAULT-VALUE}).")
    int offset;

    @Option(names = "--names", description = "Only names.")
    boolean names;

    @Option(names = "--all-workspaces", description = "Of every workspace.")
    boolean allWorkspaces;

    @Mixin
    AsOfOption asOf = new AsOfOption();

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    ProviderListCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = asOf.on(context.session());
        List<Provider> found = session.client().call(ProviderRpc.LIST, ListProvidersRequest.newBuilder()
                .setLimit(Parsers.atLeast("--limit", 1, limit)).setOffset(Parsers.atLeast("--offset", 0, offset))
                .setAllWorkspaces(allWorkspaces)
                .setWorkspace(allWorkspaces ? "" : session.workspace()).build()).getProvidersList();
        if (names) {
            found.forEach(each -> context.printer().line(each.getMetadata().getName()));
        } else if (format != OutputFormat.table) {
            context.printer().document(format, found.stream().map(ProviderView::document).toList());
        } else if (found.isEmpty()) {
            context.printer().line("No providers found.");
        } else {
            context.printer().data(ProviderView.table(found));
        }
        return ExitCodes.OK;
    }
}
