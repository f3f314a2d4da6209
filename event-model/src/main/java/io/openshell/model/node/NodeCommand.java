package io.openshell.model.node;

import io.openshell.model.Command;
import java.time.Duration;
import java.util.List;

/** What a node's stream can be asked. */
public sealed interface NodeCommand extends Command {

    /**
     * The agent of this node has started. {@code incarnation} differs with every start.
     *
     * @param lease how long after a sign of life the node counts as there; zero for an agent that gives none
     */
    record Register(NodeDescription description, String incarnation, Duration lease) implements NodeCommand {
        /** Of an agent that gives no signs of life. */
        public Register(NodeDescription description, String incarnation) {
            this(description, incarnation, Duration.ZERO);
        }
    }

    /** The agent ends, or somebody takes the node out of service. */
    record Retire(String incarnation, String reason) implements NodeCommand {}

    /** What this start of the agent can run is another now, and why. */
    record ReportRuntimes(String incarnation, List<String> runtimes, String reason) implements NodeCommand {
        public ReportRuntimes {
            runtimes = List.copyOf(runtimes);
        }
    }

    /** A gateway: this start of the agent gave no sign of life for longer than its lease. */
    record ReportLost(String incarnation, String reason) implements NodeCommand {}

    /** A gateway: the start of the agent that was lost gives signs of life again. */
    record ReportReturned(String incarnation) implements NodeCommand {}
}
