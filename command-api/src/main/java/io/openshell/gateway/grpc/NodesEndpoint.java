package io.openshell.gateway.grpc;

import com.google.protobuf.Timestamp;
import io.openshell.model.node.NodeDescription;
import io.openshell.model.node.NodeState;
import io.openshell.projection.nodes.NodeViews;
import io.openshell.projection.past.Views;
import io.openshell.wire.control.v1.ControlGrpcService;
import io.openshell.wire.control.v1.ListNodesRequest;
import io.openshell.wire.control.v1.ListNodesResponse;
import io.openshell.wire.control.v1.Node;
import java.time.Instant;

/** The hosts that run sandboxes. */
public final class NodesEndpoint implements RpcGroup {

    private final ViewSource views;

    /** Reads from these views. */
    public NodesEndpoint(ViewSource views) {
        this.views = views;
    }

    @Override
    public void addTo(RpcTable table) {
        table.read(ControlGrpcService.ListNodes, views, NodesEndpoint::list);
    }

    private static ListNodesResponse list(ListNodesRequest request, Views views) {
        ListNodesResponse.Builder response = ListNodesResponse.newBuilder();
        views.nodes().nodes().forEach(view -> response.addNodes(node(view)));
        return response.build();
    }

    /** A node as clients see it. */
    public static Node node(NodeViews.NodeView view) {
        Node.Builder node = Node.newBuilder().setId(view.id());
        switch (view.state()) {
            case NodeState.Registered now -> running(node, now).setState("Ready").setNote(now.description().unfitReason());
            case NodeState.Lost lost -> running(node, lost.last())
                    .setState("Lost").setNote(lost.reason()).setLostAt(timestamp(lost.since()));
            case NodeState.Retired gone -> described(node, gone.description()).setState("Retired").setNote(gone.reason());
            case NodeState.Unknown never -> node.setState("Lost");
        }
        view.stopped().ifPresent(stopped -> node.setNote(stopped.rejection().reason()));
        return node.build();
    }

    private static Node.Builder running(Node.Builder node, NodeState.Registered state) {
        return described(node, state.description())
                .setRegisteredAt(timestamp(state.since()))
                .setIncarnation(state.incarnation())
                .setLeaseMs(state.lease().toMillis());
    }

    private static Node.Builder described(Node.Builder node, NodeDescription description) {
        return node.setHostname(description.hostname())
                .addAllRuntimes(description.runtimes())
                .addAllLayers(description.layers());
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()).build();
    }
}
