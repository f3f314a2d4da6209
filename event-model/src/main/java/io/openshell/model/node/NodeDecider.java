package io.openshell.model.node;

import io.openshell.model.Actor;
import io.openshell.model.Context;
import io.openshell.model.Decider;
import io.openshell.model.Decision;
import io.openshell.model.MisfitEvent;
import io.openshell.model.RejectionCode;
import io.openshell.model.node.NodeEvent.NodeRegistered;
import io.openshell.model.node.NodeEvent.NodeRetired;

/** The rules of a node's stream. Heartbeats are soft state and never come here. */
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
            case NodeCommand.Retire retire -> retire(retire, state);
        };
    }

    private static Decision<NodeEvent> register(NodeCommand.Register command, NodeState state) {
        boolean same = state instanceof NodeState.Registered r && r.incarnation().equals(command.incarnation());
        return same
                ? Decision.unchanged()
                : Decision.accept(new NodeRegistered(command.description(), command.incarnation()));
    }

    private static Decision<NodeEvent> retire(NodeCommand.Retire command, NodeState state) {
        return switch (state) {
            case NodeState.Unknown unknown -> Decision.reject(RejectionCode.NODE_UNKNOWN, "no such node");
            case NodeState.Retired retired -> Decision.unchanged();
            // A late farewell of an earlier start must not retire the agent that replaced it.
            case NodeState.Registered now -> now.incarnation().equals(command.incarnation())
                    ? Decision.accept(new NodeRetired(command.reason()))
                    : Decision.unchanged();
        };
    }

    @Override
    public NodeState evolve(NodeState state, NodeEvent event, Context context) {
        return switch (event) {
            case NodeRegistered e -> new NodeState.Registered(e.description(), e.incarnation(), context.time());
            case NodeRetired e -> switch (state) {
                case NodeState.Registered r -> new NodeState.Retired(r.description(), e.reason());
                case NodeState.Retired r -> throw new MisfitEvent("NodeRetired", "Retired");
                case NodeState.Unknown u -> throw new MisfitEvent("NodeRetired", "Unknown");
            };
        };
    }
}
