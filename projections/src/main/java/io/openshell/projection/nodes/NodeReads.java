package io.openshell.projection.nodes;

import java.util.List;

/** Reads of the nodes at one point of the log. Of now they never block; of the past they may. Any thread. */
public interface NodeReads {

    /** Every node ever registered, by id. */
    List<NodeViews.NodeView> nodes();
}
