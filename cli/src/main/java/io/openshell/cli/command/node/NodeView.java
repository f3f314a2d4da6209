package io.openshell.cli.command.node;

import com.google.protobuf.Timestamp;
import io.openshell.wire.control.v1.Node;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node as text and as a document. Pure. */
final class NodeView {

    private NodeView() {}

    static Map<String, @Nullable Object> document(Node node) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("id", node.getId());
        document.put("state", node.getState());
        document.put("hostname", node.getHostname());
        document.put("note", node.getNote());
        document.put("registered_at", node.hasRegisteredAt() ? time(node.getRegisteredAt()) : null);
        document.put("lost_at", node.hasLostAt() ? time(node.getLostAt()) : null);
        document.put("incarnation", node.getIncarnation());
        document.put("lease_ms", node.getLeaseMs());
        document.put("runtimes", node.getRuntimesList());
        document.put("layers", node.getLayersList());
        return document;
    }

    static String section(Node node) {
        StringBuilder out = new StringBuilder("Node:\n");
        line(out, "Id", node.getId());
        line(out, "State", node.getState());
        line(out, "Note", node.getNote());
        line(out, "Hostname", node.getHostname());
        line(out, "Started", node.hasRegisteredAt() ? time(node.getRegisteredAt()) : "");
        line(out, "Lost", node.hasLostAt() ? time(node.getLostAt()) : "");
        line(out, "Incarnation", node.getIncarnation());
        line(out, "Lease", node.getLeaseMs() == 0 ? "" : node.getLeaseMs() / 1_000 + " s");
        line(out, "Runtimes", String.join(", ", node.getRuntimesList()));
        node.getLayersList().forEach(layer -> line(out, "Layer", layer));
        return out.toString();
    }

    private static void line(StringBuilder out, String label, String value) {
        if (!value.isEmpty()) {
            out.append(String.format("  %-18s%s%n", label + ":", value));
        }
    }

    private static String time(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
    }
}
