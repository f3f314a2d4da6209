package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.wire.control.v1.HistoryEntry;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
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
