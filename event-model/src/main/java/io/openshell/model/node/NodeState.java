package io.openshell.model.node;

import io.openshell.model.AggregateState;
import java.time.Instant;

/** What the events of one node add up to. */
public sealed interface NodeState extends AggregateState {

    /** Never seen. */
    record Unknown() implements NodeState {}

    /** In service since {@code since}. */
    record Registered(NodeDescription description, String incarnation, Instant since) implements NodeState {}

    /** Out of service. */
    record Retired(NodeDescription description, String reason) implements NodeState {}
}
