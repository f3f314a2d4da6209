package io.openshell.agent.report;

import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.node.NodeDescription;
import java.util.List;

/** Describes a host from what its runtime found. Pure. */
public final class Registration {

    private Registration() {}

    /** A host is unfit when a layer is absent that no policy can do without; Landlock a policy may do without. */
    public static NodeDescription describe(String hostname, List<String> runtimes, List<LayerReport> layers) {
        String unfit = layers.stream()
                .filter(layer -> layer instanceof LayerReport.Absent && layer.kind() != LayerKind.LANDLOCK)
                .map(layer -> ((LayerReport.Absent) layer).why())
                .distinct()
                .reduce((first, second) -> first + "; " + second)
                .orElse("");
        return new NodeDescription(hostname, runtimes, layers.stream().map(Registration::line).toList(), unfit);
    }

    private static String line(LayerReport layer) {
        return switch (layer) {
            case LayerReport.Enforced e -> e.kind() + " enforced: " + e.detail();
            case LayerReport.Weakened w -> w.kind() + " weakened: " + w.missing();
            case LayerReport.Absent a -> a.kind() + " absent: " + a.why();
        };
    }
}
