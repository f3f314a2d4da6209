package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.limits.ResourceLimits;
import io.openshell.agent.isolation.resources.MachineShares;
import io.openshell.agent.workspace.Workspace;
import io.openshell.agent.workspace.WorkspaceSize;
import io.openshell.model.sandbox.Shares;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class GroundTest {
    private static final Path TREE = Path.of("/sys/fs/cgroup/unified");

    @Test
    void aGatedProgramRunsNothingBeforeItIsInItsGroup() throws Exception {
        Assumptions.assumeTrue(Files.isWritable(TREE) && Files.exists(TREE.resolve("cgroup.procs")),
                "needs a writable tree of control groups of version 2 beside version 1");
        Path at = TREE.resolve("openshell-ground-" + ProcessHandle.current().pid());
        Files.createDirectory(at);
        try {
            Ground ground = new Ground(MachineShares.at(TREE, at), Shares.USUAL, WorkspaceSize.of(new Workspace(at), 0), () -> "", "");
            assertThat(ground.gated()).isTrue();
            Process process = new ProcessBuilder(ResourceLimits.wrapped(List.of("cat", "/proc/self/cgroup"), true)).start();
            assertThat(process.waitFor(200, TimeUnit.MILLISECONDS)).as("it waits").isFalse();
            ground.admit((int) process.pid());
            assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(new String(process.getInputStream().readAllBytes())).contains("0::/" + at.getFileName());
        } finally {
            Files.delete(at);
        }
    }
}
