package io.openshell.cli.command.node;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.OpsRpc;
import io.openshell.cli.command.AsOfOption;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.control.v1.ListNodesRequest;
import io.openshell.wire.control.v1.Node;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code node get}. */
@Command(name = "get", description = "Shows a host that runs sandboxes.")
final class NodeGetCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(index = "0", paramLabel = "ID", description = "As `node list` names it.")
    String id = "";

    @Mixin
    AsOfOption asOf = new AsOfOption();

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    NodeGetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Node node = asOf.on(context.session()).client()
                .call(OpsRpc.NODES, ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                .filter(each -> each.getId().equals(id)).findFirst()
                .orElseThrow(() -> new CliException("no node is named '" + id + "'"
                        + (asOf.given() ? " at that time" : "") + "; `openshell node list` shows them", ExitCodes.FAILURE));
        if (format != OutputFormat.table) {
            context.printer().document(format, NodeView.document(node));
        } else {
            context.printer().data(NodeView.section(node));
        }
        return ExitCodes.OK;
    }
}
