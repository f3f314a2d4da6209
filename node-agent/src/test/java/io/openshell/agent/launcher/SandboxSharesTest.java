package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.LimitHit;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.TrustFiles;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.Basis;
import io.openshell.model.sandbox.SandboxSource;
import io.openshell.model.sandbox.Shares;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Shares of real sandboxes, in the control groups this machine has. */
class SandboxSharesTest {
    private SandboxFixture fixture;
    private RunningSandbox box;

    @BeforeEach
    void open() throws IOException {
        fixture = new SandboxFixture();
        SandboxFixture.assumeKernel(fixture.runtime);
        LayerReport groups = fixture.runtime.preflight().stream().filter(l -> l.kind() == LayerKind.RESOURCES).findFirst().orElseThrow();
        Assumptions.assumeTrue(groups instanceof LayerReport.Enforced, "needs writable control groups: " + groups);
    }

    @AfterEach
    void close() throws IOException {
        if (box != null) {
            box.stop();
        }
        fixture.close();
    }

    private RunningSandbox launch(Shares shares, SandboxSource source) {
        return launch(shares, source, List.of("sleep", "100"));
    }

    private RunningSandbox launch(Shares shares, SandboxSource source, List<String> command) {
        LaunchOutcome outcome = fixture.runtime.launch(new LaunchRequest("shared", "i1", "box", fixture.policy(), command,
                Map.of(), false, TrustFiles.NONE, new Basis(source, shares)));
        if (outcome instanceof LaunchOutcome.Running r) {
            return r.sandbox();
        }
        throw new AssertionError("not running: " + outcome);
    }

    @Test
    void everyProcessIsInTheGroupWithItsShare() throws Exception {
        box = launch(new Shares(500, 64L << 20, 50, 0), new SandboxSource.Host());
        assertThat(box.layers()).contains(new LayerReport.Enforced(LayerKind.RESOURCES, "memory 64 MiB, 50 processes, 0.5 processors"));
        assertThat(box.evidence()).containsEntry("cgroup.pids.max", "50");
        assertThat(SandboxFixture.exec(box, false, "cat", "/proc/self/cgroup").out()).contains("shared");
    }

    @Test
    void itsTmpHasTheSizeThatWasAskedFor() throws Exception {
        box = launch(new Shares(0, 0, 0, 8L << 20), new SandboxSource.Host());
        assertThat(SandboxFixture.exec(box, false, "sh", "-c", "df -k /tmp | tail -1").out()).contains(" 8192 ");
    }

    @Test
    void moreMemoryThanItsShareEndsAProcessAndIsTold() throws Exception {
        box = launch(new Shares(0, 64L << 20, 0, 512L << 20), new SandboxSource.Host());
        assertThat(SandboxFixture.exec(box, false, "dd", "if=/dev/zero", "of=/tmp/a", "bs=1M", "count=8").code()).isZero();
        assertThat(box.limitHits()).isEmpty();
        assertThat(SandboxFixture.exec(box, false, "dd", "if=/dev/zero", "of=/tmp/b", "bs=1M", "count=200").code()).isEqualTo(137);
        assertThat(box.limitHits()).singleElement().satisfies(hit -> {
            assertThat(hit.limit()).isEqualTo("memory");
            assertThat(hit.detail()).contains("out of memory", "64 MiB");
        });
        assertThat(box.limitHits()).as("told once").isEmpty();
    }

    @Test
    void moreProcessesThanItsShareAreRefusedAndTold() throws Exception {
        box = launch(new Shares(0, 0, 20, 0), new SandboxSource.Host());
        assertThat(SandboxFixture.exec(box, false, "sh", "-c", "for i in 1 2 3; do sleep 1 & done; echo ok").out()).isEqualTo("ok\n");
        assertThat(box.limitHits()).isEmpty();
        SandboxFixture.exec(box, false, "sh", "-c", "for i in $(seq 40); do sleep 3 & done");
        List<LimitHit> hits = new ArrayList<>(box.limitHits());
        assertThat(hits).singleElement().satisfies(hit -> assertThat(hit.limit()).isEqualTo("processes"));
    }

    @Test
    void anEndedSandboxLeavesNoGroup() throws Exception {
        box = launch(Shares.USUAL, new SandboxSource.Host());
        String memory = SandboxFixture.exec(box, false, "cat", "/proc/self/cgroup").out();
        assertThat(memory).contains("/openshell-");
        box.stop();
        try (var all = Files.walk(Path.of("/sys/fs/cgroup"), 4)) {
            assertThat(all.filter(p -> p.getFileName().toString().equals("shared"))).isEmpty();
        }
    }

    @Test
    void aFirstProcessEndedFromOutsideIsALossAndNotAnExit() throws Exception {
        box = launch(Shares.USUAL, new SandboxSource.Host());
        assertThat(box.lost()).isEmpty();
        long init = RunRecord.parse(java.nio.file.Files.readString(fixture.home.resolve("state/sandboxes/shared/run"))).orElseThrow().init().pid();
        ProcessHandle.of(init).orElseThrow().destroyForcibly();
        box.main().exit().toCompletableFuture().get(1, java.util.concurrent.TimeUnit.SECONDS);
        assertThat(box.lost()).contains("its first process was ended by somebody outside");
    }

    @Test
    void aProgramThatEndsAtOnceWasInItsGroupToo() throws Exception {
        for (int i = 0; i < 10; i++) {
            box = launch(new Shares(500, 64L << 20, 50, 0), new SandboxSource.Host(), List.of("true"));
            assertThat(box.layers())
                    .contains(new LayerReport.Enforced(LayerKind.RESOURCES, "memory 64 MiB, 50 processes, 0.5 processors"));
            box.stop();
        }
    }

    @Test
    void aFileTreeIsTheRootOfASandbox() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/busybox")), "needs /bin/busybox");
        Path source = fixture.home.resolve("source");
        Files.createDirectories(source.resolve("bin"));
        Files.createDirectories(source.resolve("app"));
        Files.writeString(source.resolve("app/file"), "from the tree\n");
        for (String name : List.of("sh", "sleep", "cat", "ls")) {
            Files.copy(Path.of("/bin/busybox"), source.resolve("bin").resolve(name), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
        String tree = new io.openshell.agent.rootfs.TreeStore(fixture.runtime.settings().trees()).bring(source);
        var policy = io.openshell.model.policy.PolicyDocument.empty().withFilesystem(
                new io.openshell.model.policy.FilesystemPolicy(true, List.of("/app"), List.of()));
        LaunchOutcome outcome = fixture.runtime.launch(new LaunchRequest("tree", "i1", "box", policy, List.of("sleep", "100"),
                Map.of(), false, TrustFiles.NONE, new Basis(new SandboxSource.Rootfs(tree), Shares.USUAL)));
        assertThat(outcome).as(outcome.toString()).isInstanceOf(LaunchOutcome.Running.class);
        box = ((LaunchOutcome.Running) outcome).sandbox();
        assertThat(SandboxFixture.exec(box, false, "cat", "/app/file").out()).isEqualTo("from the tree\n");
        assertThat(SandboxFixture.exec(box, false, "sh", "-c", "echo x > /app/x").code()).isNotZero();
        RunningSandbox of = box;
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> SandboxFixture.exec(of, false, "/usr/bin/env"))
                .as("nothing of the host's").hasMessageContaining("not found");
        box.stop();
        fixture.runtime.purge("tree");
        assertThat(fixture.runtime.settings().trees().resolve(tree)).doesNotExist();
    }
}
