package io.openshell.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.capture.CaptureSupport;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckupTest {
    private static final Set<String> NAMESPACES = Set.of("mnt", "pid", "net", "ipc", "uts", "user", "cgroup");
    private static final Set<String> ACTIONS = Set.of("kill_process", "errno", "allow");

    private static Machine machine(boolean root, int landlock, boolean mountAttributes) {
        return new Machine("Linux amd64", "6.12.1", root, List.of(), NAMESPACES, landlock, ACTIONS, mountAttributes,
                new LayerReport.Enforced(LayerKind.RESOURCES, "control groups"), new CaptureSupport.Native(), true, "/var/run/docker.sock", List.of());
    }

    private static Finding finding(Machine machine, String layer) {
        return Checkup.of(machine).stream().filter(f -> f.layer().equals(layer)).findFirst().orElseThrow();
    }

    @Test
    void aFullHostLacksNothing() {
        assertThat(Checkup.of(machine(true, 7, true))).hasSize(11).allMatch(f -> f.state() == Finding.State.OK);
    }

    @Test
    void whatIsMissingSaysWhatItCostsAndWhatToDo() {
        Machine poor = new Machine("Mac OS X aarch64", "24", false, List.of(), Set.of(), -38, Set.of(), false,
                new LayerReport.Weakened(LayerKind.RESOURCES, "no limit of memory"), new CaptureSupport.Absent("no nf_tables"), false, "",
                List.of("/bin/sh"));
        assertThat(Checkup.of(poor)).allMatch(f -> f.state() != Finding.State.OK)
                .allMatch(f -> !f.cost().isBlank() && !f.remedy().isBlank());
    }

    @Test
    void withoutRootNoSandboxRuns() {
        assertThat(finding(machine(false, 7, true), "privileges").state()).isEqualTo(Finding.State.MISSING);
    }

    @Test
    void anOlderLandlockIsWeakAndNoneIsNamedByItsCause() {
        assertThat(finding(machine(true, 4, true), "landlock").state()).isEqualTo(Finding.State.WEAK);
        assertThat(finding(machine(true, 4, true), "landlock").cost()).contains("abstract sockets").doesNotContain("hard_requirement");
        assertThat(finding(machine(true, 2, true), "landlock").cost()).contains("truncate", "hard_requirement");
        assertThat(finding(machine(true, -38, true), "landlock").remedy()).contains("kernel built with Landlock");
        assertThat(finding(machine(true, -95, true), "landlock").remedy()).contains("lsm=");
    }

    @Test
    void aLineHasFiveFieldsWhateverTheTexts() {
        assertThat(DoctorMain.line(Finding.weak("a", "b\tc", "d\ne", "")).split("\t", -1)).containsExactly("WEAK", "a", "b c", "d e", "");
    }
}
