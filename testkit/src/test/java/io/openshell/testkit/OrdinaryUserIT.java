package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The command line and its gateway in the hands of a user who is not root and has no sub-ids. */
class OrdinaryUserIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void sandboxesOfAnOrdinaryUserRunAreTakenOverAndLeaveNothing() throws Exception {
        try (UserHome user = UserHome.make(false)) {
            Outcome made = user.openshell("sandbox", "create", "--name", "box", "--detach", "--", "sleep", "600");
            assertThat(made.exitCode()).as("%s", made).isZero();
            assertThat(made.err()).contains("user_ids is weakened", "no sub-ids");
            Outcome sealed = user.openshell("sandbox", "exec", "-n", "box", "--", "sh", "-c", "echo kept > file; grep -E '^(CapEff|Seccomp):' /proc/self/status; exit 3");
            assertThat(sealed.exitCode()).as("%s", sealed).isEqualTo(3);
            assertThat(sealed.out().replaceAll("\\s+", " ")).isEqualTo("CapEff: 0000000000000000 Seccomp: 2 ");
            assertThat(user.openshell("sandbox", "get", "box", "--attestation").out()).contains("uid_map").containsPattern("landlock\\s+enforced");
            user.killGateway();
            Outcome again = user.openshell("sandbox", "exec", "-n", "box", "--", "cat", "file");
            assertThat(again.out()).as("%s", again).isEqualTo("kept\n");
            assertThat(user.openshell("history", "box").out()).contains("SandboxAdopted").doesNotContain("SandboxInterrupted");
            assertThat(user.openshell("sandbox", "delete", "box").exitCode()).isZero();
            assertThat(user.openshell("gateway", "stop").exitCode()).isZero();
            Await.until("nothing of the user runs", LIMIT, () -> user.processes().isEmpty(), user::processes);
            try (var left = Files.list(user.state().resolve("sandboxes/sandboxes"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    @Test
    void whereNamespacesAreForbiddenCreateIsRefusedAndSaysWhatToDo() throws Exception {
        try (UserHome user = UserHome.make(true)) {
            Outcome refused = user.openshell("sandbox", "create", "--name", "box", "--", "true");
            assertThat(refused.exitCode()).as("%s", refused).isNotZero();
            assertThat(refused.err()).contains("ordinary user", "user.max_user_namespaces is 0", "sysctl -w user.max_user_namespaces=");
            Outcome doctor = user.openshell("doctor");
            assertThat(doctor.exitCode()).isEqualTo(1);
            assertThat(doctor.out()).contains("ordinary user without a user namespace", "user.max_user_namespaces is 0");
            assertThat(user.openshell("status").exitCode()).as("what needs no sandbox works").isZero();
            assertThat(user.openshell("gateway", "stop").exitCode()).isZero();
        }
    }
}
