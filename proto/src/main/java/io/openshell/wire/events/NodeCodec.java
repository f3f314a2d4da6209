package io.openshell.wire.events;

import io.openshell.model.node.NodeCommand;
import io.openshell.model.node.NodeDescription;
import io.openshell.model.node.NodeEvent;
import io.openshell.wire.events.v1.NodeLost;
import io.openshell.wire.events.v1.NodeRegistered;
import io.openshell.wire.events.v1.NodeRetired;
import io.openshell.wire.events.v1.NodeReturned;
import io.openshell.wire.events.v1.NodeRuntimesChanged;
import io.openshell.wire.events.v1.RegisterNode;
import io.openshell.wire.events.v1.ReportNodeLost;
import io.openshell.wire.events.v1.ReportNodeReturned;
import io.openshell.wire.events.v1.ReportNodeRuntimes;
import io.openshell.wire.events.v1.RetireNode;
import java.time.Duration;

/** Commands and events of a node on the wire. */
final class NodeCodec {

    private NodeCodec() {}

    static io.openshell.wire.events.v1.NodeCommand encode(NodeCommand command) {
        var out = io.openshell.wire.events.v1.NodeCommand.newBuilder();
        return switch (command) {
            case NodeCommand.Register c -> out.setRegister(RegisterNode.newBuilder()
                            .setDescription(encode(c.description()))
                            .setIncarnation(c.incarnation())
                            .setLeaseMs(c.lease().toMillis()))
                    .build();
            case NodeCommand.ReportLost c -> out.setReportLost(ReportNodeLost.newBuilder()
                            .setIncarnation(c.incarnation())
                            .setReason(c.reason()))
                    .build();
            case NodeCommand.ReportReturned c -> out.setReportReturned(
                            ReportNodeReturned.newBuilder().setIncarnation(c.incarnation()))
                    .build();
            case NodeCommand.ReportRuntimes c -> out.setReportRuntimes(ReportNodeRuntimes.newBuilder()
                            .setIncarnation(c.incarnation())
                            .addAllRuntimes(c.runtimes())
                            .setReason(c.reason()))
                    .build();
            case NodeCommand.Retire c -> out.setRetire(RetireNode.newBuilder()
                            .setIncarnation(c.incarnation())
                            .setReason(c.reason()))
                    .build();
        };
    }

    static NodeCommand decode(io.openshell.wire.events.v1.NodeCommand in) {
        return switch (in.getBodyCase()) {
            case REGISTER -> new NodeCommand.Register(
                    decode(in.getRegister().getDescription()), in.getRegister().getIncarnation(),
                    lease(in.getRegister().getLeaseMs()));
            case RETIRE -> new NodeCommand.Retire(
                    in.getRetire().getIncarnation(), in.getRetire().getReason());
            case REPORT_LOST -> new NodeCommand.ReportLost(
                    in.getReportLost().getIncarnation(), in.getReportLost().getReason());
            case REPORT_RUNTIMES -> new NodeCommand.ReportRuntimes(in.getReportRuntimes().getIncarnation(),
                    in.getReportRuntimes().getRuntimesList(), in.getReportRuntimes().getReason());
            case REPORT_RETURNED -> new NodeCommand.ReportReturned(in.getReportReturned().getIncarnation());
            case BODY_NOT_SET -> throw new UndecodableRecord("node command of a newer release");
        };
    }

    static io.openshell.wire.events.v1.NodeEvent encode(NodeEvent event) {
        var out = io.openshell.wire.events.v1.NodeEvent.newBuilder();
        return switch (event) {
            case NodeEvent.NodeRegistered e -> out.setRegistered(NodeRegistered.newBuilder()
                            .setDescription(encode(e.description()))
                            .setIncarnation(e.incarnation())
                            .setLeaseMs(e.lease().toMillis()))
                    .build();
            case NodeEvent.NodeRuntimesChanged e -> out.setRuntimesChanged(NodeRuntimesChanged.newBuilder()
                            .addAllRuntimes(e.runtimes())
                            .setReason(e.reason()))
                    .build();
            case NodeEvent.NodeLost e -> out.setLost(NodeLost.newBuilder().setReason(e.reason())).build();
            case NodeEvent.NodeReturned e -> out.setReturned(NodeReturned.getDefaultInstance()).build();
            case NodeEvent.NodeRetired e -> out.setRetired(NodeRetired.newBuilder().setReason(e.reason()))
                    .build();
        };
    }

    static NodeEvent decode(io.openshell.wire.events.v1.NodeEvent in) {
        return switch (in.getBodyCase()) {
            case REGISTERED -> new NodeEvent.NodeRegistered(
                    decode(in.getRegistered().getDescription()), in.getRegistered().getIncarnation(),
                    lease(in.getRegistered().getLeaseMs()));
            case RUNTIMES_CHANGED -> new NodeEvent.NodeRuntimesChanged(
                    in.getRuntimesChanged().getRuntimesList(), in.getRuntimesChanged().getReason());
            case LOST -> new NodeEvent.NodeLost(in.getLost().getReason());
            case RETURNED -> new NodeEvent.NodeReturned();
            case RETIRED -> new NodeEvent.NodeRetired(in.getRetired().getReason());
            case BODY_NOT_SET -> throw new UndecodableRecord("a node event without a body");
        };
    }

    /** From the wire; negative numbers cannot be meant. */
    static Duration lease(long milliseconds) {
        if (milliseconds < 0) {
            throw new UndecodableRecord("a lease without end");
        }
        return Duration.ofMillis(milliseconds);
    }

    static io.openshell.wire.events.v1.NodeDescription encode(NodeDescription d) {
        return io.openshell.wire.events.v1.NodeDescription.newBuilder()
                .setHostname(d.hostname())
                .addAllRuntimes(d.runtimes())
                .addAllLayers(d.layers())
                .setUnfitReason(d.unfitReason())
                .build();
    }

    static NodeDescription decode(io.openshell.wire.events.v1.NodeDescription d) {
        return new NodeDescription(d.getHostname(), d.getRuntimesList(), d.getLayersList(), d.getUnfitReason());
    }
}
