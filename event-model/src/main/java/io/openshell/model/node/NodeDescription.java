package io.openshell.model.node;

import java.util.List;

/**
 * A host as its agent sees it.
 *
 * @param runtimes names of the runtimes it offers
 * @param layers one line per isolation layer the host can enforce
 * @param unfitReason why it cannot run sandboxes; empty when it can
 */
public record NodeDescription(String hostname, List<String> runtimes, List<String> layers, String unfitReason) {
    public NodeDescription {
        runtimes = List.copyOf(runtimes);
        layers = List.copyOf(layers);
    }

    /** With these runtimes. */
    public NodeDescription offering(List<String> others) {
        return new NodeDescription(hostname, others, layers, unfitReason);
    }
}
