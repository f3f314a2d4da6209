package io.openshell.model.node;

import io.openshell.model.Command;

/** What a node's stream can be asked. */
public sealed interface NodeCommand extends Command {

    /** The agent of this node has started. {@code incarnation} differs with every start. */
    record Register(NodeDescription description, String incarnation) implements NodeCommand {}

    /** The agent ends, or somebody takes the node out of service. */
    record Retire(String incarnation, String reason) implements NodeCommand {}
}
