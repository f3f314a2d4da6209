package io.openshell.cli.command.node;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.OpsRpc;
import io.openshell.cli.command.AsOfOption;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.output.OutputFormat;
import io.openshell.cli.output.TableView;
import io.openshell.wire.control.v1.ListNodesRequest;
import io.openshell.wire.control.v1.Node;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code node list}. */
@Command(name = "list", description = "Lists the hosts that run sandboxes, also those that are gone.")
final class NodeListCommand implements Callable<Integer> {
    private final CliContext context;

    @Mixin
    AsOfOption asOf = new AsOfOption();

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    NodeListCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<Node> nodes = asOf.on(context.session()).client()
                .call(OpsRpc.NODES, ListNodesRequest.getDefaultInstance()).getNodesList();
        if (format != OutputFormat.table) {
            context.printer().document(format, nodes.stream().map(NodeView::document).toList());
        } else if (nodes.isEmpty()) {
            context.printer().line("No node has registered.");
        } else {
            TableView table = new TableView("ID", "STATE", "HOSTNAME", "NOTE");
            nodes.forEach(node -> table.add(node.getId(), node.getState(), node.getHostname(), node.getNote()));
            context.printer().data(table.text());
        }
        return ExitCodes.OK;
    }
}
