package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.runtime.AdoptOutcome;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.SourcedRuntime;
import io.openshell.agent.workspace.Workspace;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.sandbox.SandboxSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A workspace with a size when the agent that mounted it is killed. */
class WorkspaceAdoptionTest {
    private static final long BYTES = 16L << 20;
    /** Of this process alone: what an agent left without a record is looked for on the whole machine. */
    private static final String ID = "kept-" + ProcessHandle.current().pid();
    private static final String FILL = "dd if=/dev/zero of=/sandbox/a bs=1M count=64";
    private SandboxFixture fixture;
    Path state;
    private SourcedRuntime next;
    private LaunchRequest request;

    /** What the sandboxes are made from; skips the test where there is no such thing. */
    SandboxSource source() {
        return new SandboxSource.Host();
    }

    @BeforeEach
    void start() throws Exception {
        fixture = new SandboxFixture();
        SandboxFixture.assumeKernel(fixture.runtime);
        request = AgentToKill.sized(AgentToKill.request(source(), ID, false, "exec sleep 600"), BYTES);
        Optional<String> obstacle = Workspace.obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(), "needs root, loop devices and mkfs.ext4: " + obstacle);
        state = fixture.home.resolve("state");
        next = AgentToKill.runtime(state);
    }

    @AfterEach
    void stop() throws Exception {
        if (next != null) {
            next.purge(ID);
            if (next.containers().orElse(null) instanceof AutoCloseable containers) {
                containers.close();
            }
            HeldDisks.awaitGivenBack(state);
        }
        fixture.close();
    }

    /** In another mount namespace than this process. */
    void killedElsewhere() throws Exception {
        try (AgentToKill agent = AgentToKill.with(List.of("unshare", "--mount"), state, request)) {
            assertThat(agent.main).isPositive();
        }
    }

    private void killed() throws Exception {
        try (AgentToKill agent = AgentToKill.with(state, request)) {
            assertThat(agent.main).isPositive();
        }
    }

    Path home() {
        return state.resolve("sandboxes").resolve(ID);
    }

    RunningSandbox adopted() {
        AdoptOutcome outcome = next.adopt(request);
        assertThat(outcome).isInstanceOf(AdoptOutcome.Adopted.class);
        return ((AdoptOutcome.Adopted) outcome).sandbox();
    }

    private static void assertBounded(RunningSandbox box) throws Exception {
        assertThat(box.evidence()).containsEntry("workspace", "16 MiB, a file system of its own, seen from inside");
        assertThat(box.layers()).filteredOn(each -> each.kind() == LayerKind.RESOURCES).singleElement().asString().contains("workspace 16 MiB");
        SandboxFixture.Result full = SandboxFixture.exec(box, false, "sh", "-c", FILL);
        assertThat(full.err()).contains("No space left");
    }

    @Test
    void theNextAgentFindsItAsItWas() throws Exception {
        killed();
        assertThat(HeldDisks.mounts(state)).hasSize(1);
        RunningSandbox box = adopted();
        assertBounded(box);
        assertThat(HeldDisks.mounts(state)).hasSize(1);
        box.stop();
        HeldDisks.awaitGivenBack(state);
    }

    /** As after a start of a service that has mounts of its own. */
    @Test
    void anAgentWithAnotherViewOfTheFilesMountsItAgain() throws Exception {
        killedElsewhere();
        assertThat(HeldDisks.mounts(state)).isEmpty();
        RunningSandbox box = adopted();
        assertBounded(box);
        assertThat(home().resolve("workspace/a")).as("seen from outside").isNotEmptyFile();
        assertThat(HeldDisks.devices(state)).hasSize(1);
        box.stop();
    }

    @Test
    void whatAnAgentMountedAndDidNotWriteDownIsTakenAwayByTheNext() throws Exception {
        SandboxFiles files = new SandboxFiles(fixture.runtime.settings(), ID);
        files.prepare("box");
        assertThat(files.sized(request).gap()).isEmpty();
        Files.createFile(home().resolve("workspace.image.new"));
        assertThat(HeldDisks.mounts(state)).hasSize(1);
        next.removeLeftovers(ID);
        HeldDisks.awaitGivenBack(state);
        assertThat(files.sized(request).gap()).isEmpty();
        LaunchOutcome outcome = next.launch(request);
        assertThat(outcome).as("%s", outcome).isInstanceOf(LaunchOutcome.Running.class);
        RunningSandbox box = ((LaunchOutcome.Running) outcome).sandbox();
        assertBounded(box);
        assertThat(HeldDisks.mounts(state)).as("not on top of what was left").hasSize(1);
        box.stop();
        next.purge(ID);
        assertThat(home()).doesNotExist();
    }
}
