package io.openshell.model.node;

import io.openshell.model.Event;
import java.time.Duration;
import java.util.List;

/** Everything that can happen to a node. */
public sealed interface NodeEvent extends Event {

    /** Its agent has started; {@code lease} as in the command. */
    record NodeRegistered(NodeDescription description, String incarnation, Duration lease) implements NodeEvent {
        /** Of an agent that gives no signs of life. */
        public NodeRegistered(NodeDescription description, String incarnation) {
            this(description, incarnation, Duration.ZERO);
        }
    }

    /** What it can run is another now. */
    record NodeRuntimesChanged(List<String> runtimes, String reason) implements NodeEvent {
        public NodeRuntimesChanged {
            runtimes = List.copyOf(runtimes);
        }
    }

    /** Its agent has ended in order. */
    record NodeRetired(String reason) implements NodeEvent {}

    /** Its agent gave no sign of life for longer than its lease. */
    record NodeLost(String reason) implements NodeEvent {}

    /** The agent that was lost gives signs of life again. */
    record NodeReturned() implements NodeEvent {}
}
