package io.openshell.model.node;

import io.openshell.model.AggregateState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the events of one node add up to. */
public sealed interface NodeState extends AggregateState {

    /** Never seen. */
    record Unknown() implements NodeState {}

    /**
     * In service since {@code since}.
     *
     * @param lease how long after a sign of life it counts as there; zero when its agent gives none
     */
    record Registered(NodeDescription description, String incarnation, Instant since, Duration lease) implements NodeState {
        /** With an agent that gives no signs of life. */
        public Registered(NodeDescription description, String incarnation, Instant since) {
            this(description, incarnation, since, Duration.ZERO);
        }

        /** With these runtimes. */
        Registered offering(List<String> runtimes) {
            return new Registered(description.offering(runtimes), incarnation, since, lease);
        }
    }

    /**
     * In service, but not heard of for longer than its lease.
     *
     * @param last as it was while it was heard of
     * @param since when it was found out
     */
    record Lost(Registered last, String reason, Instant since) implements NodeState {}

    /** Out of service. */
    record Retired(NodeDescription description, String reason) implements NodeState {}
}
