package io.openshell.cli.command.system;

import io.openshell.cli.client.TimelineRpc;
import io.openshell.cli.command.AsOfOption;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.control.v1.DescribePointRequest;
import io.openshell.wire.control.v1.Node;
import io.openshell.wire.control.v1.PointDescription;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the gateway held at a point of the log: nodes, and sandboxes by phase. */
record PastStatus(CliContext context, AsOfOption asOf) {

    void show(OutputFormat format) {
        PointDescription then = asOf.on(context.session()).client()
                .call(TimelineRpc.DESCRIBE, DescribePointRequest.getDefaultInstance());
        if (format != OutputFormat.table) {
            context.printer().document(format, document(then));
            return;
        }
        context.printer().line("Then\n");
        then.getNodesList().forEach(node -> line("Node " + node.getId(), node.getState() + " on " + node.getHostname()));
        new TreeMap<>(then.getSandboxesMap()).forEach((phase, count) -> line(phase, count == 1 ? "1 sandbox" : count + " sandboxes"));
        if (then.getSandboxesCount() == 0) {
            line("Sandboxes", "none");
        }
    }

    private void line(String label, String value) {
        context.printer().line(String.format("  %-16s%s", label + ":", value));
    }

    private static Map<String, @Nullable Object> document(PointDescription then) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("sandboxes", new TreeMap<>(then.getSandboxesMap()));
        document.put("nodes", then.getNodesList().stream().map(PastStatus::node).toList());
        return document;
    }

    private static Map<String, @Nullable Object> node(Node node) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("id", node.getId());
        document.put("hostname", node.getHostname());
        document.put("state", node.getState());
        document.put("runtimes", node.getRuntimesList());
        document.put("layers", node.getLayersList());
        return document;
    }
}
