package io.openshell.projection.nodes;

import io.openshell.model.node.NodeState;
import java.util.Optional;

/** Reads of the nodes as they are now, and placing on them. Never blocks; safe for any thread. */
public interface NodeViews extends NodeReads {

    /** One known node. */
    record NodeView(String id, NodeState state) {}

    /** The node a new sandbox should go to: the fit one with the fewest sandboxes; empty when there is none. */
    Optional<String> place();

    /** Why {@link #place} finds none, one sentence; empty when it finds one. */
    String whyNoPlace();
}
