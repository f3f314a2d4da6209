package io.openshell.model.node;

import io.openshell.model.Event;

/** Everything that can happen to a node. */
public sealed interface NodeEvent extends Event {

    /** Its agent has started. */
    record NodeRegistered(NodeDescription description, String incarnation) implements NodeEvent {}

    /** Its agent has ended in order. */
    record NodeRetired(String reason) implements NodeEvent {}
}
