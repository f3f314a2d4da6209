package io.openshell.agent.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.landlock.LandlockRule;
import io.openshell.agent.isolation.mounts.HostFacts;
import io.openshell.agent.isolation.mounts.MountStep;
import io.openshell.model.isolation.LayerKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IsolationPlannerTest {
    private static final HostFacts HOST = new HostFacts() {
        private final Set<String> directories = Set.of("/usr", "/etc", "/opt", "/root", "/w/keep");

        @Override
        public boolean isDirectory(String path) {
            return directories.contains(path);
        }

        @Override
        public boolean isRegularFile(String path) {
            return path.equals("/etc/passwd");
        }

        @Override
        public boolean exists(String path) {
            return isDirectory(path) || isRegularFile(path);
        }

        @Override
        public String linkTarget(String path) {
            return path.equals("/bin") ? "usr/bin" : "";
        }

        @Override
        public boolean exposed(String path) {
            return path.startsWith("/opt");
        }
    };

    private static IsolationPlan plan(FilesystemView view) {
        return IsolationPlanner.plan(new PlanInput(view, 2_000_000, 7, Map.of("A", "secret"), "box"), HOST, "/g", "/w");
    }

    @Test
    void everyLayerIsAppliedOnceAndPrivilegesGoBeforeTheSeal() {
        List<LayerKind> order = plan(new FilesystemView(List.of(), List.of(), true, false, false)).order();
        assertThat(order).containsExactlyInAnyOrder(LayerKind.values());
        assertThat(order.indexOf(LayerKind.MOUNTS)).isLessThan(order.indexOf(LayerKind.USER_IDS));
        assertThat(order.indexOf(LayerKind.USER_IDS)).isLessThan(order.indexOf(LayerKind.NO_NEW_PRIVS));
        assertThat(order.indexOf(LayerKind.NO_NEW_PRIVS)).isLessThan(order.indexOf(LayerKind.LANDLOCK));
        assertThat(order.indexOf(LayerKind.LANDLOCK)).isLessThan(order.indexOf(LayerKind.SECCOMP));
    }

    @Test
    void anEmptyListStillConfines() {
        List<LandlockRule> rules = plan(new FilesystemView(List.of(), List.of(), false, false, false)).landlock();
        assertThat(rules).isNotEmpty().noneMatch(r -> r.path().equals("/") || r.path().equals("/sandbox"));
    }

    @Test
    void onlyExposedHostPathsAreShown() {
        List<MountStep> steps = plan(new FilesystemView(List.of("/opt", "/root"), List.of(), true, false, false)).mounts();
        assertThat(steps).contains(new MountStep.Bind("/opt", "/opt", false), new MountStep.Restrict("/opt", true, true));
        assertThat(steps).doesNotContain(new MountStep.Bind("/root", "/root", false));
    }

    @Test
    void theCertificatesOfTheSandboxAreShownReadOnlyWhereTheHostNeedsNoSuchPlace() {
        List<MountStep> steps = plan(new FilesystemView(List.of(), List.of(), true, false, false)).mounts();
        assertThat(steps).containsSubsequence(new MountStep.Directory("/run"), new MountStep.Directory("/run/openshell-tls"),
                new MountStep.Bind("/g/openshell-tls", "/run/openshell-tls", false), new MountStep.Restrict("/run/openshell-tls", true, true));
    }

    @Test
    void aReadOnlyPathInsideTheWorkspaceIsMountedReadOnly() {
        List<MountStep> steps = plan(new FilesystemView(List.of("/sandbox/keep"), List.of(), true, false, false)).mounts();
        assertThat(steps).containsSubsequence(new MountStep.Bind("/w", "/sandbox", false), new MountStep.Bind("/w/keep", "/sandbox/keep", false),
                new MountStep.Restrict("/sandbox/keep", true, true));
    }

    @Test
    void whatAnAuthorWantsReadOnlyIsNotMadeWritableOnTheWay() {
        List<LandlockRule> rules = plan(new FilesystemView(List.of("/tmp", "/sandbox", "/dev/urandom"), List.of(), true, false, false)).landlock();
        assertThat(rules).filteredOn(r -> List.of("/tmp", "/sandbox", "/dev/urandom").contains(r.path())).hasSize(3).noneMatch(LandlockRule::writable);
        List<LandlockRule> both = plan(new FilesystemView(List.of("/tmp"), List.of("/tmp"), true, false, false)).landlock();
        assertThat(both).filteredOn(r -> r.path().equals("/tmp")).allMatch(LandlockRule::writable);
    }

    @Test
    void missingPathsAreNamed() {
        FilesystemView view = new FilesystemView(List.of("/usr", "/bin", "/proc", "/root", "/no"), List.of("/tmp", "/sandbox/gone"), true, true, false);
        assertThat(IsolationPlanner.missing(view, HOST, "/w")).containsExactly("/root", "/no", "/sandbox/gone");
    }

    @Test
    void secretsStayOutOfTheText() {
        assertThat(plan(new FilesystemView(List.of(), List.of(), true, false, false)).toString()).doesNotContain("secret");
    }
}
