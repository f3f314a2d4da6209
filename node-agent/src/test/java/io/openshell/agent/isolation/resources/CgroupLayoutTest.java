package io.openshell.agent.isolation.resources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CgroupLayoutTest {
    private static final String MEMORY = "30 20 0:5 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory";
    private static final String CPU = "31 20 0:6 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct";
    private static final String PIDS = "32 20 0:7 /jail /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids";
    private static final String SECOND = "40 20 0:9 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate";
    private static final String BESIDE = "41 20 0:9 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw";

    @Test
    void versionTwoHoldsWhatItOffers() throws IOException {
        CgroupLayout layout = CgroupLayout.of(List.of("1 1 0:1 / / rw - ext4 /dev/a rw", SECOND), mount -> "cpu io memory pids\n");
        assertThat(layout.tree("memory")).contains(new Hierarchy(2, "/", Path.of("/sys/fs/cgroup")));
        assertThat(layout.groups(List.of("0::/user.slice/a"))).containsEntry("pids", Path.of("/sys/fs/cgroup/user.slice/a"));
    }

    @Test
    void versionOneHasATreePerController() throws IOException {
        CgroupLayout layout = CgroupLayout.of(List.of(MEMORY, CPU, PIDS), mount -> "");
        assertThat(layout.groups(List.of("4:memory:/own", "2:cpu,cpuacct:/", "8:pids:/jail/x", "0::/")))
                .containsEntry("memory", Path.of("/sys/fs/cgroup/memory/own"))
                .containsEntry("cpu", Path.of("/sys/fs/cgroup/cpu,cpuacct"))
                .containsEntry("pids", Path.of("/sys/fs/cgroup/pids/x"));
    }

    @Test
    void aHybridMachineUsesEachControllerWhereItIs() throws IOException {
        CgroupLayout layout = CgroupLayout.of(List.of(MEMORY, BESIDE), mount -> "pids");
        assertThat(layout.tree("memory")).hasValueSatisfying(t -> assertThat(t.version()).isEqualTo(1));
        assertThat(layout.tree("pids")).hasValueSatisfying(t -> assertThat(t.version()).isEqualTo(2));
        assertThat(layout.tree("cpu")).isEmpty();
        assertThat(layout.groups(List.of("4:memory:/m", "0::/u")))
                .containsEntry("memory", Path.of("/sys/fs/cgroup/memory/m"))
                .containsEntry("pids", Path.of("/sys/fs/cgroup/unified/u"));
    }
}
