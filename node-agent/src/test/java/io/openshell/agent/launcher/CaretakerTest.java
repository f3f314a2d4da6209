package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.workspace.Workspace;
import io.openshell.model.sandbox.SandboxSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What is left when the directory that everything was written down in is removed under a sandbox that no agent looks after. */
class CaretakerTest {

    @Test
    void aRemovedDirectoryTakesSandboxesAndTheirMountsWithIt() throws Exception {
        try (SandboxFixture fixture = new SandboxFixture()) {
            SandboxFixture.assumeKernel(fixture.runtime);
            Path state = fixture.home.resolve("state");
            LaunchRequest request = AgentToKill.request(new SandboxSource.Host(), "kept-" + ProcessHandle.current().pid(), false, "exec sleep 600");
            boolean sizes = Workspace.obstacle().isEmpty();
            int main;
            try (AgentToKill agent = AgentToKill.with(state, sizes ? AgentToKill.sized(request, 16L << 20) : request)) {
                main = agent.main;
            }
            assertThat(ProcFiles.startTime(main)).as("it goes on").isPresent();
            assertThat(HeldDisks.mounts(state)).hasSize(sizes ? 1 : 0);
            // Fails at the folder on which something is mounted, and removes all the rest.
            new ProcessBuilder(List.of("rm", "-rf", state.toString())).redirectErrorStream(true).start().waitFor(20, TimeUnit.SECONDS);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while ((Files.exists(state) || ProcFiles.startTime(main).isPresent()) && System.nanoTime() < end) {
                LockSupport.parkNanos(5_000_000);
            }
            assertThat(ProcFiles.startTime(main)).isEmpty();
            assertThat(state).doesNotExist();
            HeldDisks.awaitGivenBack(state);
        }
    }
}
