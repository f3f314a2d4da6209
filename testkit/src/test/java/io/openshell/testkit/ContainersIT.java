package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.wire.control.v1.HistoryEntry;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sandboxes from images, on a real engine that others meddle with and that comes and goes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainersIT {
    private static final String IMAGE = "local/distribution:1";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private GatewayFixture gateway;
    private Sandboxes sandboxes;

    @BeforeAll
    void start() {
        Host.assumeSandboxes();
        Host.assumeEngine();
        gateway = GatewayFixture.started();
        sandboxes = new Sandboxes(gateway.client());
    }

    @AfterEach
    void removeAll() {
        for (String name : List.of("kept", "kill", "rm", "stop", "pause", "built", "tree", "work", "away", "new")) {
            if (sandboxes.exists(name)) {
                sandboxes.delete(name);
            }
        }
    }

    @AfterAll
    void end() {
        if (gateway != null) {
            gateway.close();
        }
    }

    private Sandbox ready(String name, String... command) {
        sandboxes.createFrom(IMAGE, name, command);
        return sandboxes.await(name, SandboxPhase.SANDBOX_PHASE_READY);
    }

    private Path directory(Sandbox sandbox) {
        return gateway.state().resolve("sandboxes/sandboxes").resolve(sandbox.getMetadata().getId());
    }

    private String container(String name) throws IOException {
        return Files.readString(directory(sandboxes.get(name)).resolve("container")).split("\0")[0];
    }

    private Outcome docker(String... arguments) {
        return ChildProcess.run(Stream.concat(Stream.of("docker"), Stream.of(arguments)).toList(),
                Map.of("PATH", System.getenv("PATH"), "DOCKER_HOST", Host.engine(), "HOME", "/nonexistent"), gateway.scratch(), LIMIT);
    }

    private List<HistoryEntry> of(String name, String type) {
        return sandboxes.history(name).stream().filter(e -> e.getType().equals(type)).toList();
    }

    @Test
    void itsKindIsToldByTheGateway() {
        assertThat(gateway.cli("gateway", "info").out()).contains("linux", "docker");
    }

    @Test
    void killedTheGatewayTakesItsContainersOverAsTheyAre() throws Exception {
        String mark = "mark" + ProcessHandle.current().pid();
        Sandbox before = ready("kept", "sh", "-c", "echo before; until [ -e go ]; do sleep 0.1; done; echo between; "
                + "until [ -e end ]; do sleep 0.1; done; exit 6 # " + mark);
        String container = container("kept");
        List<String> main = Host.processes(mark);
        gateway.kill();
        Files.createFile(directory(before).resolve("workspace/go"));
        gateway.start();
        Sandbox after = sandboxes.await("kept", SandboxPhase.SANDBOX_PHASE_READY);
        Await.until("it is taken over", LIMIT, () -> !of("kept", "SandboxAdopted").isEmpty(), () -> sandboxes.history("kept").toString());
        assertThat(Host.processes(mark)).as("the same process").isEqualTo(main);
        assertThat(container("kept")).isEqualTo(container);
        assertThat(after.getStatus().getMainProcessInstanceId()).isEqualTo(before.getStatus().getMainProcessInstanceId());
        assertThat(sandboxes.exec("kept", "touch", "/sandbox/end").exitCode()).isZero();
        assertThat(sandboxes.followMain("kept")).isEqualTo(new Outcome(6, "before\nbetween\n", ""));
        assertThat(sandboxes.await("kept", SandboxPhase.SANDBOX_PHASE_ERROR).getStatus().getExitCode()).isEqualTo(6);
        assertThat(of("kept", "SandboxInterrupted")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "rm -f", "stop -t 1"})
    void aContainerEndedFromOutsideIsAnEventWithItsCauseAndIsStartedAgain(String how) throws Exception {
        String name = how.split(" ")[0];
        Sandbox before = ready(name, "sleep", "600");
        String container = container(name);
        assertThat(docker((how + " " + container).split(" ")).exitCode()).isZero();
        Await.until("it is noticed", LIMIT, () -> !of(name, "SandboxInterrupted").isEmpty(), () -> sandboxes.history(name).toString());
        assertThat(of(name, "SandboxInterrupted").getFirst().getSummary()).contains("somebody outside");
        Sandbox after = sandboxes.await(name, SandboxPhase.SANDBOX_PHASE_READY, SandboxPhase.SANDBOX_PHASE_ERROR);
        assertThat(after.getStatus().getPhase()).as(after.getStatus().toString()).isEqualTo(SandboxPhase.SANDBOX_PHASE_READY);
        assertThat(after.getStatus().getMainProcessInstanceId()).isNotEqualTo(before.getStatus().getMainProcessInstanceId());
        assertThat(sandboxes.exec(name, "echo", "alive").out()).isEqualTo("alive\n");
        removed(container);
    }

    @Test
    void aPausedContainerIsToldAlsoToTheNextAgentAndCanBeLetGoOnOrStopped() throws Exception {
        String mark = "700." + ProcessHandle.current().pid();
        ready("pause", "sleep", mark);
        List<String> main = Host.processes(mark);
        String container = container("pause");
        docker("pause", container);
        Sandbox held = sandboxes.await("pause", SandboxPhase.SANDBOX_PHASE_UNKNOWN);
        assertThat(reason(held)).contains("Paused", "docker unpause openshell-");
        assertThat(gateway.cli("sandbox", "get", "pause").out()).containsPattern("Phase: +Unknown").containsPattern("Reason: .*docker unpause openshell-");
        Outcome refused = gateway.cli("sandbox", "exec", "-n", "pause", "--", "true");
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.err()).contains("not ready", "docker unpause openshell-");
        gateway.kill();
        docker("unpause", container);
        gateway.start();
        sandboxes.await("pause", SandboxPhase.SANDBOX_PHASE_READY);
        assertThat(sandboxes.exec("pause", "echo", "alive").out()).isEqualTo("alive\n");
        gateway.kill();
        docker("pause", container);
        gateway.start();
        sandboxes.await("pause", SandboxPhase.SANDBOX_PHASE_UNKNOWN);
        assertThat(Host.processes(mark)).as("the same process").isEqualTo(main);
        assertThat(of("pause", "SandboxPaused")).hasSize(2);
        assertThat(of("pause", "SandboxResumed")).hasSize(1);
        assertThat(of("pause", "SandboxInterrupted")).isEmpty();
        sandboxes.stop("pause");
        assertThat(Host.processes(mark)).isEmpty();
        removed(container);
    }

    @Test
    void whileTheEngineIsAwayWhatRunsGoesOnAndWhatCannotStartSaysWhyAndHow() throws Exception {
        String mark = "600." + ProcessHandle.current().pid();
        ready("work", "sleep", mark);
        ready("away", "sleep", "600");
        List<String> main = Host.processes(mark);
        String lost = container("away");
        int first = Integer.parseInt(docker("inspect", "-f", "{{.State.Pid}}", lost).out().strip());
        Host.engine("halt");
        try {
            Await.until("the node tells it", LIMIT, () -> !gateway.cli("gateway", "info").out().contains("docker"), gateway::output);
            assertThat(sandboxes.exec("work", "echo", "alive").out()).isEqualTo("alive\n");
            sandboxes.createFrom(IMAGE, "new", "sleep", "600");
            assertThat(reason(sandboxes.await("new", SandboxPhase.SANDBOX_PHASE_ERROR))).contains("ENGINE_UNAVAILABLE");
            ProcessHandle.of(first).orElseThrow().destroyForcibly();
            Await.until("its end is noticed", LIMIT, () -> !of("away", "SandboxInterrupted").isEmpty(), () -> sandboxes.history("away").toString());
            assertThat(reason(sandboxes.await("away", SandboxPhase.SANDBOX_PHASE_ERROR))).contains("ENGINE_UNAVAILABLE");
        } finally {
            Host.engine("resume");
        }
        Await.until("the node tells it", LIMIT, () -> gateway.cli("gateway", "info").out().contains("docker"), gateway::output);
        assertThat(sandboxes.get("work").getStatus().getPhase()).isEqualTo(SandboxPhase.SANDBOX_PHASE_READY);
        assertThat(Host.processes(mark)).as("a restart of the engine ends nothing").isEqualTo(main);
        for (String name : List.of("new", "away")) {
            assertThat(sandboxes.start(name).getStatus().getPhase()).isEqualTo(SandboxPhase.SANDBOX_PHASE_READY);
        }
        assertThat(of("work", "SandboxInterrupted")).isEmpty();
        sandboxes.delete("work");
        assertThat(Host.processes(mark)).isEmpty();
        removed(lost);
    }

    private void removed(String container) {
        Await.until("it is removed", LIMIT, () -> !docker("ps", "-aq", "--no-trunc").out().contains(container), () -> docker("ps", "-a").out());
    }

    private static String reason(Sandbox sandbox) {
        return sandbox.getStatus().getConditionsList().toString();
    }

    @Test
    void aDockerfileIsBuiltWithItsStepsShown() throws Exception {
        Path folder = Files.createDirectory(gateway.scratch().resolve("context"));
        Files.writeString(folder.resolve("Dockerfile"), "FROM local/tools:1\nCOPY note /usr/note\n");
        Files.writeString(folder.resolve("note"), "built\n");
        Outcome created = gateway.cli("sandbox", "create", "--name", "built", "--from", folder.toString(), "--", "cat", "/usr/note");
        assertThat(created.exitCode()).as("%s", created).isZero();
        assertThat(created.out()).contains("built");
        assertThat(created.out() + created.err()).contains("COPY note /usr/note");
    }

    @Test
    void aFileTreeAndItsArchiveRunWithoutAnEngine() throws Exception {
        Path tree = gateway.scratch().resolve("tree");
        Files.createDirectories(tree.resolve("bin"));
        Files.createDirectories(tree.resolve("usr"));
        Files.writeString(tree.resolve("usr/note"), "from the tree\n");
        for (String name : List.of("sh", "cat", "sleep")) {
            Files.copy(Path.of("/bin/busybox"), tree.resolve("bin").resolve(name), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path archive = gateway.scratch().resolve("tree.tar");
        assertThat(ChildProcess.run(List.of("tar", "-cf", archive.toString(), "-C", tree.toString(), "."), Map.of("PATH", System.getenv("PATH")),
                gateway.scratch(), LIMIT).exitCode()).isZero();
        for (Path from : List.of(tree, archive)) {
            Outcome created = gateway.cli("sandbox", "create", "--name", "tree", "--from", from.toString(), "--", "cat", "/usr/note");
            assertThat(created.exitCode()).as("%s", created).isZero();
            assertThat(created.out()).contains("from the tree");
            sandboxes.delete("tree");
        }
    }
}
