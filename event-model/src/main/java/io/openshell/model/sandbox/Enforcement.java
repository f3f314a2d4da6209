package io.openshell.model.sandbox;

import io.openshell.model.isolation.LayerReport;
import java.util.List;
import java.util.Map;

/**
 * What the node achieved when it started a sandbox.
 *
 * @param epoch of the assignment this start belongs to
 * @param instanceId of this main process
 * @param evidence read back from the kernel after exec
 * @param generation of the proxy's policy at start
 */
public record Enforcement(
        long epoch, String instanceId, List<LayerReport> layers, Map<String, String> evidence, long generation) {
    public Enforcement {
        layers = List.copyOf(layers);
        evidence = Map.copyOf(evidence);
    }
}
