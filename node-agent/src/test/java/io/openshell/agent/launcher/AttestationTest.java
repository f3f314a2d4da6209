package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.seccomp.SeccompCompiler;
import io.openshell.agent.isolation.seccomp.SeccompPolicy;
import io.openshell.agent.linux.SyscallTable;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.isolation.LayerReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttestationTest {
    private SandboxFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new SandboxFixture();
        SandboxFixture.assumeKernel(fixture.runtime);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    @Test
    void whatWasReadBackIsInTheEvidence() throws Exception {
        RunningSandbox box = fixture.launch("attested", List.of("sleep", "100"), false);
        try {
            Map<String, String> seen = box.evidence();
            assertThat(seen).containsEntry("NoNewPrivs", "1").containsEntry("Seccomp", "2").containsEntry("CapBnd", "0000000000000000")
                    .containsEntry("Groups", "").containsEntry("mounts.root", "tmpfs ro").containsEntry("limits.core", "0")
                    .containsEntry("landlock.probe", "mknod refused with EACCES").containsEntry("seccomp.probe", "setns refused with EPERM")
                    .containsEntry("seccomp.instructions", Integer.toString(SeccompCompiler.compile(SyscallTable.ofThisMachine()).size()))
                    .containsEntry("seccomp.entries", Integer.toString(SeccompPolicy.entries().size()));
            assertThat(seen.get("seccomp.filter")).matches("[0-9a-f]{64}");
            assertThat(Integer.parseInt(seen.get("landlock.rules"))).isGreaterThan(10);
            for (String ns : List.of("mnt", "net", "ipc", "uts", "pid")) {
                assertThat(seen.get("ns." + ns)).isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns", ns)).toString());
            }
            assertThat(seen.get("mounts.types")).contains("proc", "tmpfs", "devpts").doesNotContain("sysfs", "cgroup");
            assertThat(box.layers()).allMatch(layer -> !(layer instanceof LayerReport.Absent));
        } finally {
            box.stop();
        }
    }

    @Test
    void theFilterOfTwoSandboxesHasOneHash() throws Exception {
        RunningSandbox first = fixture.launch("first", List.of("true"), false);
        RunningSandbox second = fixture.launch("second", List.of("true"), false);
        try {
            assertThat(first.evidence().get("seccomp.filter")).isEqualTo(second.evidence().get("seccomp.filter"));
            assertThat(first.evidence().get("ns.net")).isNotEqualTo(second.evidence().get("ns.net"));
        } finally {
            first.stop();
            second.stop();
        }
    }

    @Test
    void aProcessThatIsNotSealedIsSeenToBeNone() throws Exception {
        RunningSandbox box = fixture.launch("reference", List.of("sleep", "100"), false);
        Process free = new ProcessBuilder("sleep", "100").start();
        try {
            var plan = io.openshell.agent.isolation.IsolationPlanner.plan(new io.openshell.agent.isolation.PlanInput(
                    io.openshell.agent.isolation.FilesystemView.of(fixture.policy()), 2_100_000, 7, Map.of(), "box"),
                    io.openshell.agent.isolation.mounts.HostFacts.ofMachine(List.of()), "/nowhere", "/nowhere");
            int pid = (int) free.pid();
            Evidence evidence = Evidence.of(pid, pid, plan);
            assertThat(evidence.mismatches()).contains("NoNewPrivs is 0", "namespace net is the agent's", "namespace pid is the agent's")
                    .anyMatch(wrong -> wrong.startsWith("Uid is ")).anyMatch(wrong -> wrong.contains("/sys"));
        } finally {
            free.destroyForcibly().waitFor();
            box.stop();
        }
    }
}
