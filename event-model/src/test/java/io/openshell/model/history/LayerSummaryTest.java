package io.openshell.model.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.SandboxEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerSummaryTest {
    private static String line(LayerReport... layers) {
        return Summary.of(new SandboxEvent.LayersEnforced(new Enforcement(1, "i", List.of(layers), Map.of(), 1)));
    }

    @Test
    void whatIsWeakOrAbsentIsNamedInTheHistory() {
        LayerReport held = new LayerReport.Enforced(LayerKind.SECCOMP, "seen");
        assertThat(line(held)).isEqualTo("1 layers enforced, 0 weakened, 0 absent");
        assertThat(line(held, new LayerReport.Weakened(LayerKind.LANDLOCK, "version 4"), new LayerReport.Absent(LayerKind.MOUNTS, "none")))
                .isEqualTo("1 layers enforced, 1 weakened (landlock: version 4), 1 absent (mounts: none)");
    }
}
