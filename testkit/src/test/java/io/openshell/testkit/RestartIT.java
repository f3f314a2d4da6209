package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.wire.control.v1.HistoryEntry;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What outlives a gateway, ended in an orderly way or not. */
class RestartIT {

    private GatewayFixture gateway;
    private Sandboxes sandboxes;

    @BeforeEach
    void start() {
        Host.assumeSandboxes();
        gateway = GatewayFixture.started();
        sandboxes = new Sandboxes(gateway.client());
    }

    @AfterEach
    void end() {
        if (gateway != null) {
            gateway.close();
        }
    }

    @Test
    void killedWhileSandboxesAreBeingCreatedItLosesNone() {
        String mark = "700." + ProcessHandle.current().pid();
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sandboxes.create("c" + i, "sleep", mark);
            taken.add("c" + i);
        }
        gateway.kill();
        gateway.start();
        for (String name : taken) {
            Sandbox sandbox = sandboxes.await(name, SandboxPhase.SANDBOX_PHASE_READY, SandboxPhase.SANDBOX_PHASE_ERROR);
            assertThat(sandbox.getStatus().getPhase()).as(sandbox.getStatus().toString())
                    .isEqualTo(SandboxPhase.SANDBOX_PHASE_READY);
            assertThat(sandboxes.exec(name, "echo", "alive").out()).isEqualTo("alive\n");
        }
        taken.forEach(sandboxes::delete);
        assertThat(Host.processes(mark)).as("nothing of the earlier life is left").isEmpty();
    }

    private Path workspace(String name) {
        return gateway.state().resolve("sandboxes/sandboxes").resolve(sandboxes.get(name).getMetadata().getId()).resolve("workspace");
    }

    private static String mainProcess(Path record) throws IOException {
        return Files.readAllLines(record).stream().filter(line -> line.startsWith("main=")).findFirst().orElseThrow()
                .replaceAll("main=([0-9]+) .*", "$1");
    }

    private List<String> eventTypes(String name) {
        return sandboxes.history(name).stream().map(HistoryEntry::getType).toList();
    }

    private static boolean statusesOfTheEndedAreKept() {
        String[] version = System.getProperty("os.version").split("[.-]");
        return Integer.parseInt(version[0]) * 100 + Integer.parseInt(version[1]) >= 615;
    }

    @Test
    void killedItTakesItsSandboxesOverAsTheyAre() throws Exception {
        Host.assumeProgram("/usr/bin/curl");
        String mark = "mark" + ProcessHandle.current().pid();
        try (Origin origin = Origin.up(gateway.scratch())) {
            sandboxes.ready("work", "sh", "-c", "echo before; until [ -e go ]; do sleep 0.1; done; echo between; "
                    + "until [ -e end ]; do sleep 0.1; done; exit 6 # " + mark);
            sandboxes.setPolicy("work", EgressIT.allowing(origin, "/usr/bin/curl"));
            assertThat(sandboxes.exec("work", "curl", "-sS", "-m", "10", origin.url("/one")).out()).isEqualTo("GET /one\n");
            Sandbox before = sandboxes.get("work");
            Path workspace = workspace("work");
            String main = mainProcess(workspace.resolveSibling("run"));
            assertThat(Host.processes(mark)).contains(main);

            gateway.kill();
            Files.createFile(workspace.resolve("go"));
            gateway.start();
            Sandbox after = sandboxes.await("work", SandboxPhase.SANDBOX_PHASE_READY);

            assertThat(Host.processes(mark)).as("the same process").contains(main);
            assertThat(after.getStatus().getMainProcessInstanceId()).isEqualTo(before.getStatus().getMainProcessInstanceId());
            Await.until("egress works again", Duration.ofSeconds(20), () -> sandboxes.exec(
                    "work", "curl", "-sS", "-m", "10", origin.url("/two")).out().equals("GET /two\n"), () -> "it does not");
            assertThat(sandboxes.exec("work", "touch", "/sandbox/end").exitCode()).isZero();
            assertThat(sandboxes.followMain("work")).isEqualTo(new Outcome(6, "before\nbetween\n", ""));
            Sandbox ended = sandboxes.await("work", SandboxPhase.SANDBOX_PHASE_ERROR);
            assertThat(ended.getStatus().getExitCode()).isEqualTo(6);
            assertThat(eventTypes("work")).contains("SandboxAdopted").doesNotContain("SandboxInterrupted");
            sandboxes.delete("work");
            assertThat(Host.processes(mark)).isEmpty();
        }
    }

    @Test
    void aMainProcessThatEndsWhileNobodyLooksKeepsItsStatus() throws Exception {
        Assumptions.assumeTrue(statusesOfTheEndedAreKept(), "needs Linux 6.15, which keeps the status of an ended process");
        String mark = "mark" + ProcessHandle.current().pid();
        sandboxes.ready("short", "sh", "-c", "until [ -e go ]; do sleep 0.1; done; exit 9 # " + mark);
        Path workspace = workspace("short");
        gateway.kill();
        Files.createFile(workspace.resolve("go"));
        Await.until("its end", Duration.ofSeconds(20), () -> Host.processes(mark).isEmpty(), () -> Host.processes(mark).toString());
        gateway.start();
        Sandbox ended = sandboxes.await("short", SandboxPhase.SANDBOX_PHASE_ERROR);
        assertThat(ended.getStatus().getExitCode()).isEqualTo(9);
        Files.delete(workspace.resolve("go"));
        assertThat(sandboxes.start("short").getStatus().getPhase()).isEqualTo(SandboxPhase.SANDBOX_PHASE_READY);
    }

    @Test
    void stoppedItLeavesItsSandboxesRunningAndSaysSo() {
        String mark = "701." + ProcessHandle.current().pid();
        sandboxes.ready("kept", "sleep", mark);
        List<String> main = Host.processes(mark);
        Outcome stopped = gateway.cli("gateway", "stop");
        assertThat(stopped.exitCode()).as(stopped.err()).isZero();
        assertThat(stopped.out() + stopped.err()).contains("1 sandbox keeps running");
        assertThat(Host.processes(mark)).containsAll(main);
        gateway.start();
        sandboxes.await("kept", SandboxPhase.SANDBOX_PHASE_READY);
        Await.until("it is taken over", Duration.ofSeconds(20), () -> eventTypes("kept").contains("SandboxAdopted"),
                () -> eventTypes("kept").toString());
        assertThat(sandboxes.exec("kept", "echo", "alive").out()).isEqualTo("alive\n");
        assertThat(Host.processes(mark)).isEqualTo(main);
    }

    @Test
    void historyAndFilesOutliveAnOrderlyRestart() {
        sandboxes.ready("kept", "sleep", "600");
        sandboxes.exec("kept", "sh", "-c", "echo kept > /sandbox/file");
        sandboxes.ready("gone", "sleep", "600");
        sandboxes.delete("gone");
        List<HistoryEntry> before = sandboxes.history("gone");
        assertThat(before).extracting(HistoryEntry::getType).endsWith("SandboxDeleted");

        assertThat(gateway.stop()).as("exit status after SIGTERM").isIn(0, 143);
        gateway.start();

        sandboxes.await("kept", SandboxPhase.SANDBOX_PHASE_READY);
        assertThat(sandboxes.exec("kept", "cat", "/sandbox/file").out()).isEqualTo("kept\n");
        assertThat(sandboxes.exists("gone")).isFalse();
        assertThat(sandboxes.history("gone")).isEqualTo(before);
    }
}
