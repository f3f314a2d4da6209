package io.openshell.projection.nodes;

import io.openshell.model.node.NodeState;
import io.openshell.projection.PoisonedStream;
import java.util.Optional;

/** Reads of the nodes as they are now, and placing on them. Never blocks; safe for any thread. */
public interface NodeViews extends NodeReads {

    /**
     * One known node.
     *
     * @param stopped why this is not the newest state there is
     */
    record NodeView(String id, NodeState state, Optional<PoisonedStream> stopped) {
        /** One that is up to date. */
        public NodeView(String id, NodeState state) {
            this(id, state, Optional.empty());
        }
    }

    /** The node a new sandbox should go to: the fit one with the fewest sandboxes; empty when there is none. */
    Optional<String> place();

    /** Why {@link #place} finds none, one sentence; empty when it finds one. */
    String whyNoPlace();
}
