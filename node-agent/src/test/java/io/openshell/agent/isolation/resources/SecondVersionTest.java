package io.openshell.agent.isolation.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.sandbox.Shares;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Version 2 by what is written, on a directory in the place of the tree: not every machine has the controllers there. */
class SecondVersionTest {
    @TempDir
    Path mount;

    private ShareGroup group(Path at) {
        CgroupLayout layout = new CgroupLayout(Map.of("pids", new Hierarchy(2, "/", mount), "memory", new Hierarchy(2, "/", mount),
                "cpu", new Hierarchy(2, "/", mount)));
        return new ShareGroup(layout, Map.of("pids", at, "memory", at, "cpu", at));
    }

    @Test
    void everyGroupAboveHandsItsControllersOnAndTheSharesAreWritten() throws IOException {
        Path at = mount.resolve("family/one");
        ShareGroup group = group(at);
        group.make(new Shares(2000, 1 << 20, 9, 0));
        assertThat(group.gaps()).isEmpty();
        assertThat(mount.resolve("cgroup.subtree_control")).content().startsWith("+");
        assertThat(mount.resolve("family/cgroup.subtree_control")).content().startsWith("+");
        assertThat(at.resolve("cgroup.subtree_control")).doesNotExist();
        assertThat(at.resolve("pids.max")).hasContent("9");
        assertThat(at.resolve("memory.max")).hasContent("1048576");
        assertThat(at.resolve("cpu.max")).hasContent("200000 100000");
        assertThat(group.threadFiles()).as("a thread alone cannot move").isEmpty();
        assertThat(group.processFiles()).isEqualTo(List.of(at.resolve("cgroup.procs").toString()));
    }

    @Test
    void theKernelsCountsAreToldWhenTheyHaveDoubled() throws IOException {
        Path at = mount.resolve("family/two");
        ShareGroup group = group(at);
        group.make(new Shares(0, 64 << 20, 9, 0));
        LimitCounters counters = group.counters();
        Files.writeString(at.resolve("memory.events"), "low 0\noom 1\noom_kill 0\n");
        assertThat(counters.news()).isEmpty();
        Files.writeString(at.resolve("memory.events"), "low 0\noom 1\noom_kill 3\n");
        assertThat(counters.news()).singleElement().satisfies(hit -> assertThat(hit.detail()).contains("64 MiB"));
        Files.writeString(at.resolve("memory.events"), "oom_kill 5\n");
        assertThat(counters.news()).isEmpty();
        Files.writeString(at.resolve("memory.events"), "oom_kill 6\n");
        Files.writeString(at.resolve("pids.events"), "max 1\n");
        assertThat(counters.news()).extracting(hit -> hit.limit() + " " + hit.times()).containsExactly("memory 6", "processes 1");
    }

    @Test
    void aControllerThatCannotBeUsedIsAGap() {
        CgroupLayout layout = new CgroupLayout(Map.of("pids", new Hierarchy(2, "/", Path.of("/proc/nothing"))));
        ShareGroup group = new ShareGroup(layout, Map.of("pids", Path.of("/proc/nothing/a")));
        group.make(new Shares(0, 1 << 20, 9, 0));
        assertThat(group.gaps()).hasSize(3).anyMatch(g -> g.startsWith("pids")).contains("memory has no control group here");
    }
}
