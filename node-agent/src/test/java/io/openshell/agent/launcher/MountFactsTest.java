package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.mounts.MountStep;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountFactsTest {
    private static final String ROOT = "90 80 0:50 / / ro,nosuid,nodev,relatime - tmpfs none rw,mode=755";
    private static final String USR = "91 90 254:0 /usr /usr ro,nosuid,nodev,relatime - ext4 /dev/vda rw";
    private static final String TMP = "92 90 0:51 / /tmp rw,nosuid,nodev,relatime - tmpfs tmpfs rw";

    private static List<String> wrong(List<MountStep> plan, String... lines) {
        return MountFacts.parse(List.of(lines)).wrong(plan);
    }

    @Test
    void aViewAsPlannedHasNothingWrong() {
        assertThat(wrong(List.of(new MountStep.Bind("/usr", "/usr", false), new MountStep.Restrict("/usr", true, true),
                new MountStep.Fresh("tmpfs", "/tmp", "", true, false)), ROOT, USR, TMP)).isEmpty();
        assertThat(MountFacts.parse(List.of(ROOT, USR, TMP)).seen()).containsEntry("mounts", "3 mounts, 2 read-only")
                .containsEntry("mounts.types", "ext4,tmpfs").containsEntry("mounts.root", "tmpfs ro");
    }

    @Test
    void everyDeviationIsNamed() {
        assertThat(wrong(List.of(new MountStep.Fresh("tmpfs", "/tmp", "", true, false)), ROOT)).containsExactly("mount /tmp is missing");
        assertThat(wrong(List.of(new MountStep.Restrict("/usr", true, true)), ROOT, USR.replace(" ro,", " rw,")))
                .containsExactly("mount /usr is writable");
        assertThat(wrong(List.of(), ROOT, USR.replace("nosuid,", ""))).containsExactly("mount /usr honours set-user-id");
        assertThat(wrong(List.of(), ROOT, USR.replace("nodev,", ""))).containsExactly("mount /usr allows devices");
        assertThat(wrong(List.of(), ROOT, USR.replace("relatime -", "relatime shared:1 -"))).containsExactly("mount /usr is shared with others");
        assertThat(wrong(List.of(), ROOT, "93 90 0:20 / /sys ro,nosuid,nodev - sysfs sysfs rw"))
                .containsExactly("mount /sys shows the machine's sysfs");
        assertThat(wrong(List.of(), USR)).containsExactly("mount / is missing");
        assertThat(wrong(List.of(new MountStep.Proc()), ROOT, TMP.replace("/tmp", "/proc"))).containsExactly("mount /proc is tmpfs");
    }

    @Test
    void theLastMountOnAPlaceIsTheOneInSightAndOddNamesAreRead() {
        String above = "94 92 0:60 / /tmp ro,nosuid,nodev - tmpfs tmpfs rw";
        assertThat(wrong(List.of(new MountStep.Restrict("/tmp", true, true)), ROOT, TMP, above)).isEmpty();
        assertThat(wrong(List.of(new MountStep.Bind("/a b", "/a b", false)), ROOT, TMP.replace("/tmp", "/a\\040b"))).isEmpty();
    }
}
