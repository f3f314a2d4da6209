package io.openshell.agent.isolation.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.Shares;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Version 2 as machines show it: mount lines and files as read there, with a directory in the place of the mount. */
class RecordedTreesTest {
    private static final Shares USUAL = new Shares(0, 1L << 30, 100, 0);

    @TempDir
    Path mount;

    private MachineShares machine(String root, String membership) throws IOException {
        String line = "35 28 0:30 " + root + " " + mount + " rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot";
        CgroupLayout layout = CgroupLayout.of(List.of(line), top -> Files.readString(top.resolve("cgroup.controllers")));
        return MachineShares.of(layout, List.of(membership), "openshell-1", USUAL);
    }

    private void file(String path, String text) throws IOException {
        Files.createDirectories(mount.resolve(path).getParent());
        Files.writeString(mount.resolve(path), text);
    }

    @Test
    void onAMachineOfSystemdGroupsAreMadeBelowTheTopWhateverServiceTheAgentIs() throws IOException {
        file("cgroup.controllers", "cpuset cpu io memory hugetlb pids rdma misc\n");
        file("cgroup.subtree_control", "cpu io memory pids\n");
        file("cgroup.procs", "1\n2\n");
        file("system.slice/openshell.service/cgroup.procs", "4711\n");
        MachineShares machine = machine("/", "0::/system.slice/openshell.service");
        assertThat(machine.layer()).isInstanceOfSatisfying(LayerReport.Enforced.class,
                layer -> assertThat(layer.detail()).isEqualTo("control groups, version 2"));
        ShareGroup group = machine.make("box", new Shares(1_500, 1L << 26, 40, 0));
        assertThat(group.gaps()).isEmpty();
        Path box = mount.resolve("openshell-1/box");
        assertThat(box.resolve("memory.max")).hasContent("67108864");
        assertThat(box.resolve("memory.swap.max")).hasContent("0");
        assertThat(box.resolve("cpu.max")).hasContent("150000 100000");
        assertThat(box.resolve("pids.max")).hasContent("40");
        assertThat(group.processFiles()).containsExactly(box.resolve("cgroup.procs").toString());
        assertThat(group.threadFiles()).isEmpty();
    }

    @Test
    void inAContainerTheGroupAroundTheAgentCannotShareOutWhatItsOwnProcessesUse() throws IOException {
        file("cgroup.controllers", "cpu memory pids\n");
        file("cgroup.type", "domain\n");
        file("cgroup.subtree_control", "\n");
        file("cgroup.procs", "1\n88\n");
        assertThat(machine("/", "0::/").layer()).isInstanceOfSatisfying(LayerReport.Weakened.class,
                layer -> assertThat(layer.missing()).contains("memory", "pids", "cpu", "processes of its own"));
        file("cgroup.subtree_control", "cpu memory pids\n");
        assertThat(machine("/", "0::/").layer()).isInstanceOf(LayerReport.Enforced.class);
    }

    @Test
    void aControllerThatTheMachineDoesNotOfferIsNamed() throws IOException {
        file("cgroup.controllers", "memory pids\n");
        assertThat(machine("/", "0::/user.slice/user-0.slice/session-1.scope").layer()).isInstanceOfSatisfying(LayerReport.Weakened.class,
                layer -> assertThat(layer.missing()).contains("cpu").doesNotContain("memory"));
    }

    @Test
    void aProcessIsFoundInItsGroupAlsoWhereOnlyAPartOfTheTreeIsMounted() throws IOException {
        file("cgroup.controllers", "memory pids cpu\n");
        CgroupLayout layout = CgroupLayout.of(List.of("35 28 0:30 /docker/abc " + mount + " rw - cgroup2 cgroup rw"),
                top -> Files.readString(top.resolve("cgroup.controllers")));
        assertThat(layout.groups(List.of("0::/docker/abc/openshell-1/box"))).containsEntry("pids", mount.resolve("openshell-1/box"));
    }

    @Test
    void whatTheKernelCountedIsReadFromItsOwnWords() throws IOException {
        file("cgroup.controllers", "memory pids cpu\n");
        ShareGroup group = machine("/", "0::/").make("box", new Shares(0, 64L << 20, 40, 0));
        file("openshell-1/box/memory.events", "low 0\nhigh 0\nmax 213\noom 4\noom_kill 2\noom_group_kill 0\n");
        file("openshell-1/box/pids.events", "max 7\n");
        assertThat(group.counters().news()).extracting(hit -> hit.limit() + " " + hit.times() + ": " + hit.detail()).containsExactly(
                "memory 2: out of memory: the kernel ended a process of the sandbox, whose share is 64 MiB",
                "processes 7: a new process was refused to the sandbox, whose share is 40 at a time");
        file("openshell-1/box/cpu.max", "max 100000\n");
        assertThat(group.readBack()).isEqualTo(Map.of("cgroup.cpu.max", "max 100000", "cgroup.memory.max", "67108864", "cgroup.pids.max", "40"));
    }
}
