package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.wire.control.v1.HistoryEntry;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whole lives of sandboxes through the local socket of a real gateway. */
class SandboxLifeIT {

    private static GatewayFixture gateway;
    private static Sandboxes sandboxes;

    @BeforeAll
    static void start() {
        Host.assumeSandboxes();
        gateway = GatewayFixture.started();
        sandboxes = new Sandboxes(gateway.client());
    }

    @AfterAll
    static void end() {
        if (gateway != null) {
            gateway.close();
        }
    }

    @Test
    void aProgramsOutputAndExitStatusArrive() {
        Sandbox made = sandboxes.ready("exec", "sleep", "600");
        assertThat(made.getStatus().getCurrentPolicyVersion()).isEqualTo(1);
        Outcome outcome = sandboxes.exec("exec", "sh", "-c", "echo to-out; echo to-err >&2; exit 42");
        assertThat(outcome).isEqualTo(new Outcome(42, "to-out\n", "to-err\n"));
    }

    @Test
    void aCommandThatCannotBeRunEndsAsInAShell() {
        sandboxes.ready("absent", "sleep", "600");
        assertThat(sandboxes.exec("absent", "nosuchprogram")).isEqualTo(new Outcome(127, "", "nosuchprogram: not found\n"));
        assertThat(sandboxes.exec("absent", "/etc/passwd")).isEqualTo(new Outcome(126, "", "/etc/passwd: not executable\n"));
    }

    @Test
    void theMainProcessesStatusIsKeptAndItsOutputCanBeReadAfterItsEnd() {
        sandboxes.create("main", "sh", "-c", "echo the-work; exit 7");
        Sandbox ended = sandboxes.await("main", SandboxPhase.SANDBOX_PHASE_ERROR);
        assertThat(ended.getStatus().getExitCode()).isEqualTo(7);
        assertThat(sandboxes.followMain("main")).isEqualTo(new Outcome(7, "the-work\n", ""));
        assertThat(sandboxes.followMain("main").out()).as("and again").isEqualTo("the-work\n");
    }

    @Test
    void stopAndStartKeepTheWorkspace() {
        sandboxes.ready("keeper", "sleep", "600");
        assertThat(sandboxes.exec("keeper", "sh", "-c", "echo kept > /sandbox/file").exitCode()).isZero();
        String before = sandboxes.get("keeper").getStatus().getMainProcessInstanceId();
        sandboxes.stop("keeper");
        Sandbox again = sandboxes.start("keeper");
        assertThat(again.getStatus().getMainProcessInstanceId()).isNotEqualTo(before).isNotEmpty();
        assertThat(sandboxes.exec("keeper", "cat", "/sandbox/file").out()).isEqualTo("kept\n");
    }

    @Test
    void deletionLeavesNothingButTheHistory() {
        String mark = "600." + ProcessHandle.current().pid();
        String id = sandboxes.ready("goner", "sleep", mark).getMetadata().getId();
        sandboxes.exec("goner", "sh", "-c", "echo x > /sandbox/file");
        assertThat(Host.processes(mark)).as("it runs").isNotEmpty();
        assertThat(gateway.state().resolve("sandboxes")).isDirectoryRecursivelyContaining(p -> p.toString().contains(id));
        sandboxes.delete("goner");
        assertThat(Host.processes(mark)).isEmpty();
        assertThat(Host.mounts(id)).isEmpty();
        assertThat(Host.controlGroups(id)).isEmpty();
        assertThat(gateway.state().resolve("sandboxes")).isDirectoryNotContaining(p -> p.toString().contains(id));
        List<HistoryEntry> history = sandboxes.history("goner");
        assertThat(history).extracting(HistoryEntry::getType).contains("DeleteRequested").endsWith("SandboxDeleted");
        assertThat(history).extracting(HistoryEntry::getVersion)
                .isEqualTo(java.util.stream.LongStream.rangeClosed(1, history.size()).boxed().toList());
        assertThat(history).extracting(e -> e.getActor().getKind()).doesNotContain("");
    }

    @Test
    void aNameIsFreeAgainAfterDeletionAndTheNewSandboxIsEmpty() {
        String first = sandboxes.ready("twice", "sleep", "600").getMetadata().getId();
        sandboxes.exec("twice", "sh", "-c", "echo old > /sandbox/file");
        sandboxes.delete("twice");
        String second = sandboxes.ready("twice", "sleep", "600").getMetadata().getId();
        assertThat(second).isNotEqualTo(first);
        assertThat(sandboxes.exec("twice", "cat", "/sandbox/file").exitCode()).isNotZero();
        assertThat(Files.exists(gateway.socket())).isTrue();
    }
}
