package io.openshell.model.node;

import io.openshell.model.Actor;
import io.openshell.model.Context;
import io.openshell.model.Decider;
import io.openshell.model.Decision;
import io.openshell.model.MisfitEvent;
import io.openshell.model.RejectionCode;
import io.openshell.model.node.NodeEvent.NodeLost;
import io.openshell.model.node.NodeEvent.NodeRegistered;
import io.openshell.model.node.NodeEvent.NodeRetired;
import io.openshell.model.node.NodeEvent.NodeReturned;
import io.openshell.model.node.NodeEvent.NodeRuntimesChanged;
import java.util.List;
import java.util.function.Supplier;

/** The rules of a node's stream. Single signs of life are soft state and never come here, only what follows from them. */
public final class NodeDecider implements Decider<NodeCommand, NodeState, NodeEvent> {

    @Override
    public NodeState initial() {
        return new NodeState.Unknown();
    }

    @Override
    public Decision<NodeEvent> decide(NodeCommand command, NodeState state, Context context) {
        if (context.actor().kind() != Actor.Kind.NODE) {
            return Decision.reject(RejectionCode.REPORTER_NOT_ASSIGNED, "only a node's own agent may speak for it");
        }
        return switch (command) {
            case NodeCommand.Register register -> register(register, state);
            case NodeCommand.ReportRuntimes report -> runtimes(report, state);
            case NodeCommand.Retire retire -> retire(retire, state);
            case NodeCommand.ReportLost report -> byGateway(context, () -> lost(report, state));
            case NodeCommand.ReportReturned report -> byGateway(context, () -> returned(report, state));
        };
    }

    private static Decision<NodeEvent> register(NodeCommand.Register command, NodeState state) {
        boolean same = state instanceof NodeState.Registered r && r.incarnation().equals(command.incarnation());
        return same
                ? Decision.unchanged()
                : Decision.accept(new NodeRegistered(command.description(), command.incarnation(), command.lease()));
    }

    private static Decision<NodeEvent> runtimes(NodeCommand.ReportRuntimes command, NodeState state) {
        return switch (state) {
            case NodeState.Unknown unknown -> unknown();
            case NodeState.Retired retired -> Decision.unchanged();
            case NodeState.Registered now -> runtimes(command, now);
            case NodeState.Lost lost -> runtimes(command, lost.last());
        };
    }

    /** What an earlier start could run says nothing of the one that replaced it. */
    private static Decision<NodeEvent> runtimes(NodeCommand.ReportRuntimes command, NodeState.Registered now) {
        return now.incarnation().equals(command.incarnation()) && !now.description().runtimes().equals(command.runtimes())
                ? Decision.accept(new NodeRuntimesChanged(command.runtimes(), command.reason()))
                : Decision.unchanged();
    }

    private static Decision<NodeEvent> retire(NodeCommand.Retire command, NodeState state) {
        return switch (state) {
            case NodeState.Unknown unknown -> unknown();
            case NodeState.Retired retired -> Decision.unchanged();
            case NodeState.Registered now -> retire(command, now);
            case NodeState.Lost lost -> retire(command, lost.last());
        };
    }

    /** A late farewell of an earlier start must not retire the agent that replaced it. */
    private static Decision<NodeEvent> retire(NodeCommand.Retire command, NodeState.Registered now) {
        return now.incarnation().equals(command.incarnation())
                ? Decision.accept(new NodeRetired(command.reason()))
                : Decision.unchanged();
    }

    private static Decision<NodeEvent> byGateway(Context context, Supplier<Decision<NodeEvent>> decision) {
        return context.actor().kind() == Actor.Kind.GATEWAY
                ? decision.get()
                : Decision.reject(RejectionCode.REPORTER_NOT_ASSIGNED, "only a gateway can tell that a node is gone or back");
    }

    private static Decision<NodeEvent> lost(NodeCommand.ReportLost report, NodeState state) {
        return switch (state) {
            case NodeState.Unknown unknown -> unknown();
            // What was not heard of may have been replaced or ended in the meantime.
            case NodeState.Registered now -> now.incarnation().equals(report.incarnation()) && !now.lease().isZero()
                    ? Decision.accept(new NodeLost(report.reason()))
                    : Decision.unchanged();
            case NodeState.Lost lost -> Decision.unchanged();
            case NodeState.Retired retired -> Decision.unchanged();
        };
    }

    private static Decision<NodeEvent> returned(NodeCommand.ReportReturned report, NodeState state) {
        return switch (state) {
            case NodeState.Unknown unknown -> unknown();
            case NodeState.Lost lost -> lost.last().incarnation().equals(report.incarnation())
                    ? Decision.accept(new NodeReturned())
                    : Decision.unchanged();
            case NodeState.Registered now -> Decision.unchanged();
            case NodeState.Retired retired -> Decision.unchanged();
        };
    }

    private static Decision<NodeEvent> unknown() {
        return Decision.reject(RejectionCode.NODE_UNKNOWN, "no such node");
    }

    @Override
    public NodeState evolve(NodeState state, NodeEvent event, Context context) {
        return switch (event) {
            case NodeRegistered e -> new NodeState.Registered(e.description(), e.incarnation(), context.time(), e.lease());
            case NodeRuntimesChanged e -> offering(state, e.runtimes());
            case NodeRetired e -> new NodeState.Retired(last(state, "NodeRetired").description(), e.reason());
            case NodeLost e -> state instanceof NodeState.Registered now
                    ? new NodeState.Lost(now, e.reason(), context.time())
                    : misfit("NodeLost", state);
            case NodeReturned e -> state instanceof NodeState.Lost lost ? lost.last() : misfit("NodeReturned", state);
        };
    }

    private static NodeState offering(NodeState state, List<String> runtimes) {
        return switch (state) {
            case NodeState.Registered now -> now.offering(runtimes);
            case NodeState.Lost lost -> new NodeState.Lost(lost.last().offering(runtimes), lost.reason(), lost.since());
            case NodeState.Retired retired -> misfit("NodeRuntimesChanged", state);
            case NodeState.Unknown unknown -> misfit("NodeRuntimesChanged", state);
        };
    }

    private static NodeState.Registered last(NodeState state, String event) {
        return switch (state) {
            case NodeState.Registered now -> now;
            case NodeState.Lost lost -> lost.last();
            case NodeState.Retired retired -> throw new MisfitEvent(event, "Retired");
            case NodeState.Unknown unknown -> throw new MisfitEvent(event, "Unknown");
        };
    }

    private static NodeState misfit(String event, NodeState state) {
        throw new MisfitEvent(event, state.getClass().getSimpleName());
    }
}
