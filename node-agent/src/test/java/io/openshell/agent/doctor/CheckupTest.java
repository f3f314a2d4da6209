package io.openshell.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.capture.CaptureSupport;
import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.isolation.users.UserNamespaceLimits;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckupTest {
    private static final Set<String> NAMESPACES = Set.of("mnt", "pid", "net", "ipc", "uts", "user", "cgroup");
    private static final Set<String> ACTIONS = Set.of("kill_process", "errno", "allow");

    private static final Standing ROOT = new Standing(Standing.Kind.ROOT, 0, 0, 0, false);
    private static final Standing ORDINARY = new Standing(Standing.Kind.ORDINARY, 1000, 0, 0, false);
    private static final Optional<UserNamespaceLimits> FORBIDDEN = Optional.of(new UserNamespaceLimits("a setting is 0", "set it to 1"));

    private static Machine machine(Standing standing, int landlock, Optional<UserNamespaceLimits> limits) {
        return new Machine("Linux amd64", "6.12.1", standing, List.of(), NAMESPACES, landlock, ACTIONS, true,
                new LayerReport.Enforced(LayerKind.RESOURCES, "control groups"), Optional.empty(), new CaptureSupport.Native(), limits, "/var/run/docker.sock", List.of());
    }

    private static Machine machine(int landlock) {
        return machine(ROOT, landlock, Optional.empty());
    }

    private static Finding finding(Machine machine, String layer) {
        return Checkup.of(machine).stream().filter(f -> f.layer().equals(layer)).findFirst().orElseThrow();
    }

    @Test
    void aFullHostLacksNothing() {
        assertThat(Checkup.of(machine(7))).hasSize(12).allMatch(f -> f.state() == Finding.State.OK);
    }

    @Test
    void whatIsMissingSaysWhatItCostsAndWhatToDo() {
        Machine poor = new Machine("Mac OS X aarch64", "24", ORDINARY, List.of(), Set.of(), -38, Set.of(), false,
                new LayerReport.Weakened(LayerKind.RESOURCES, "no limit of memory"), Optional.of("no loop devices"),
                new CaptureSupport.Absent("no nf_tables"), FORBIDDEN, "", List.of("/bin/sh"));
        assertThat(Checkup.of(poor)).allMatch(f -> f.state() != Finding.State.OK)
                .allMatch(f -> !f.cost().isBlank() && !f.remedy().isBlank());
    }

    @Test
    void withNeitherRootNorANamespaceNoSandboxRuns() {
        assertThat(finding(machine(ROOT, 7, Optional.empty()), "privileges").state()).isEqualTo(Finding.State.OK);
        Finding missing = finding(machine(ORDINARY, 7, FORBIDDEN), "privileges");
        assertThat(missing.state()).isEqualTo(Finding.State.MISSING);
        assertThat(missing.remedy()).isEqualTo("set it to 1");
        assertThat(finding(machine(ORDINARY, 7, FORBIDDEN), "user namespaces").seen()).isEqualTo("a setting is 0");
        assertThat(finding(machine(ORDINARY, 7, Optional.empty()), "user namespaces").cost()).isEqualTo("no sandbox can run");
    }

    @Test
    void rootNeedsNoUserNamespaces() {
        assertThat(finding(machine(ROOT, 7, FORBIDDEN), "user namespaces").cost()).startsWith("nothing with root");
        assertThat(finding(machine(ROOT, 7, FORBIDDEN), "privileges").state()).isEqualTo(Finding.State.OK);
    }

    @Test
    void anOrdinaryUserWithoutSubIdsIsToldWhatThatCosts() {
        Standing shared = new Standing(Standing.Kind.USER_NAMESPACE, 1000, 1000, 0, true);
        Standing own = new Standing(Standing.Kind.USER_NAMESPACE, 1000, 2_000_000, 65_536, false);
        assertThat(finding(machine(own, 7, Optional.empty()), "privileges").state()).isEqualTo(Finding.State.OK);
        Finding weak = finding(machine(shared, 7, Optional.empty()), "privileges");
        assertThat(weak.state()).isEqualTo(Finding.State.WEAK);
        assertThat(weak.cost()).contains("your own user id");
        assertThat(weak.remedy()).contains("--add-subuids");
        assertThat(finding(machine(shared, 7, Optional.empty()), "images").cost()).contains("root");
    }

    @Test
    void anOlderLandlockIsWeakAndNoneIsNamedByItsCause() {
        assertThat(finding(machine(4), "landlock").state()).isEqualTo(Finding.State.WEAK);
        assertThat(finding(machine(4), "landlock").cost()).contains("ioctl on devices").doesNotContain("hard_requirement");
        assertThat(finding(machine(2), "landlock").cost()).contains("truncate", "hard_requirement");
        assertThat(finding(machine(-38), "landlock").remedy()).contains("kernel built with Landlock");
        assertThat(finding(machine(-95), "landlock").remedy()).contains("lsm=");
    }

    @Test
    void aLineHasFiveFieldsWhateverTheTexts() {
        assertThat(DoctorMain.line(Finding.weak("a", "b\tc", "d\ne", "")).split("\t", -1)).containsExactly("WEAK", "a", "b c", "d e", "");
    }
}
