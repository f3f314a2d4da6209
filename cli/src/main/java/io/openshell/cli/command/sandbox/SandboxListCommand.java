package io.openshell.cli.command.sandbox;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.AsOfOption;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Parsers;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.OutputFormat;
import io.openshell.cli.output.TableView;
import io.openshell.wire.v1.ListSandboxesRequest;
import io.openshell.wire.v1.Sandbox;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sandbox list}. */
@Command(name = "list", description = "Lists sandboxes.")
public final class SandboxListCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: ${DEFAULT-VALUE}).")
    int limit = 100;

    @Option(names = "--offset", paramLabel = "N", description = "Leave out so many (default: ${DEFAULT-VALUE}).")
    int offset;

    @Option(names = "--ids", description = "Only ids.")
    boolean ids;

    @Option(names = "--names", description = "Only names.")
    boolean names;

    @Option(names = "--selector", paramLabel = "K=V[,K=V]", description = "Only sandboxes with these labels.")
    String selector = "";

    @Option(names = "--all-workspaces", description = "Of every workspace.")
    boolean allWorkspaces;

    @Mixin
    AsOfOption asOf = new AsOfOption();

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    SandboxListCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if ((ids && names) || (format != OutputFormat.table && (ids || names))) {
            throw new CliException("--ids, --names and -o exclude one another.", ExitCodes.USAGE);
        }
        Session session = asOf.on(context.session());
        List<Sandbox> found = session.client().call(Rpc.LIST, ListSandboxesRequest.newBuilder()
                .setLimit(Parsers.atLeast("--limit", 1, limit)).setOffset(Parsers.atLeast("--offset", 0, offset)).setLabelSelector(selector)
                .setAllWorkspaces(allWorkspaces).setWorkspace(allWorkspaces ? "" : session.workspace())
                .build()).getSandboxesList();
        if (ids || names) {
            found.forEach(one -> context.printer().line(ids ? one.getMetadata().getId() : name(one)));
        } else if (format != OutputFormat.table) {
            context.printer().document(format, found.stream().map(SandboxView::summary).toList());
        } else if (found.isEmpty()) {
            context.printer().line("No sandboxes found.");
        } else {
            context.printer().data(table(found));
        }
        return ExitCodes.OK;
    }

    private String name(Sandbox one) {
        String name = one.getMetadata().getName();
        return allWorkspaces ? one.getMetadata().getWorkspace() + "/" + name : name;
    }

    private String table(List<Sandbox> found) {
        TableView table = allWorkspaces
                ? new TableView("WORKSPACE", "NAME", "CREATED", "PHASE")
                : new TableView("NAME", "CREATED", "PHASE");
        for (Sandbox one : found) {
            String name = one.getMetadata().getName();
            String created = Parsers.time(one.getMetadata().getCreatedAtMs());
            if (allWorkspaces) {
                table.add(one.getMetadata().getWorkspace(), name, created, SandboxView.phase(one));
            } else {
                table.add(name, created, SandboxView.phase(one));
            }
        }
        return table.text();
    }
}
