package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.FilesystemView;
import io.openshell.agent.isolation.IsolationPlan;
import io.openshell.agent.isolation.IsolationPlanner;
import io.openshell.agent.isolation.PlanInput;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.LandlockPolicy;
import io.openshell.model.policy.PolicyDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a policy's word about Landlock asks of a kernel. */
class LandlockDemandTest {
    private static final List<LayerReport> NONE = List.of(new LayerReport.Absent(LayerKind.LANDLOCK, "not built in"));
    private static final List<LayerReport> OLD = List.of(new LayerReport.Weakened(LayerKind.LANDLOCK, "version 2"));
    private static final List<LayerReport> FULL = List.of(new LayerReport.Enforced(LayerKind.LANDLOCK, "version 7"));
    private static final FilesystemView UNSAID = FilesystemView.of(PolicyDocument.empty());

    private static FilesystemView view(String compatibility) {
        PolicyDocument empty = PolicyDocument.empty();
        return FilesystemView.of(new PolicyDocument(empty.version(), empty.filesystem(), Optional.of(new LandlockPolicy(compatibility)),
                empty.process(), empty.networkPolicies(), empty.middlewares()));
    }

    private static LayerReport layer(int abi) {
        IsolationPlan plan = IsolationPlanner.inside(new PlanInput(view("best_effort"), 2_000_000, abi, Map.of(), "box"),
                io.openshell.agent.isolation.mounts.HostFacts.ofMachine(List.of()), "/nowhere");
        return Evidence.layers(plan, Map.of()).stream().filter(l -> l.kind() == LayerKind.LANDLOCK).findFirst().orElseThrow();
    }

    @Test
    void runningWithoutLandlockHasToBeAskedForInSoManyWords() {
        assertThat(LinuxRuntime.blocker(FULL, view("best_effort"), 7)).isEmpty();
        assertThat(LinuxRuntime.blocker(NONE, view("best_effort"), -38)).isEmpty();
        assertThat(LinuxRuntime.blocker(NONE, UNSAID, -38)).hasValueSatisfying(why -> assertThat(why).contains("LANDLOCK", "not built in"));
        assertThat(LinuxRuntime.blocker(NONE, view("best-effort"), -38)).isPresent();
        assertThat(LinuxRuntime.blocker(NONE, view("hard_requirement"), -38)).isPresent();
    }

    @Test
    void aHardRequirementRefusesAVersionThatCannotKeepTheFiles() {
        assertThat(LinuxRuntime.blocker(OLD, view("best_effort"), 2)).isEmpty();
        assertThat(LinuxRuntime.blocker(OLD, view("hard_requirement"), 2)).hasValueSatisfying(why -> assertThat(why).contains("truncate"));
        assertThat(LinuxRuntime.blocker(OLD, view("hard_requirement"), 3)).isEmpty();
        assertThat(LinuxRuntime.blocker(FULL, view("hard_requirement"), 7)).isEmpty();
    }

    @Test
    void anotherRequiredLayerIsNeverDispensable() {
        List<LayerReport> noFilter = List.of(new LayerReport.Absent(LayerKind.SECCOMP, "no filters"));
        assertThat(LinuxRuntime.blocker(noFilter, view("best_effort"), 7)).hasValueSatisfying(why -> assertThat(why).contains("SECCOMP"));
    }

    @Test
    void lessThanEverythingIsReportedAsSuch() {
        assertThat(layer(0)).isInstanceOf(LayerReport.Absent.class);
        assertThat(layer(4)).isInstanceOfSatisfying(LayerReport.Weakened.class, weak -> assertThat(weak.missing()).contains("ioctl"));
        assertThat(layer(6)).isInstanceOf(LayerReport.Enforced.class);
    }
}
