package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.agent.identity.CallerResult;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.runtime.ExecRequest;
import io.openshell.agent.runtime.LaunchException;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.LandlockPolicy;
import io.openshell.model.policy.PolicyDocument;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxLifeTest {
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
    void theMainProcessRunsAndEveryLayerIsReported() throws Exception {
        RunningSandbox box = fixture.launch("main", List.of("sh", "-c", "echo out; echo err >&2; read x; echo got $x; exit 3"), false);
        try {
            assertThat(box.layers()).hasSize(io.openshell.model.isolation.LayerKind.values().length).allMatch(l -> !(l instanceof LayerReport.Absent));
            assertThat(box.evidence()).containsEntry("Seccomp", "2").containsEntry("NoNewPrivs", "1");
            byte[] line = "hello\n".getBytes(StandardCharsets.UTF_8);
            box.main().writeInput(line, 0, line.length);
            SandboxFixture.Result r = SandboxFixture.collect(box.main());
            assertThat(r).isEqualTo(new SandboxFixture.Result(3, "out\ngot hello\n", "err\n"));
        } finally {
            box.stop();
        }
    }

    @Test
    void aTerminalHasTheSizeItIsGiven() throws Exception {
        RunningSandbox box = fixture.launch("tty", List.of("sh", "-c", "tty; stty size; read x; stty size; echo x > /dev/tty"), true);
        try {
            box.main().resize(132, 43);
            byte[] line = "\n".getBytes(StandardCharsets.UTF_8);
            box.main().writeInput(line, 0, 1);
            SandboxFixture.Result r = SandboxFixture.collect(box.main());
            assertThat(r.code()).as("%s", r).isZero();
            assertThat(r.out()).contains("/dev/pts/0", "43 132");
        } finally {
            box.stop();
        }
    }

    @Test
    void aProgramThatDoesNotExistIsAFailureWithItsStage() throws Exception {
        LaunchOutcome outcome = fixture.runtime.launch(new LaunchRequest("none", "i", "box", fixture.policy(), List.of("no-such-program"), Map.of(), false));
        assertThat(outcome).isEqualTo(new LaunchOutcome.Failed("start program", "find program: ENOENT (no such file)"));
        RunningSandbox box = fixture.launch("none", List.of("sleep", "100"), false);
        try {
            assertThatThrownBy(() -> box.exec(new ExecRequest(List.of("true"), "/nowhere", Map.of(), false, 0, 0))).isInstanceOf(LaunchException.class);
        } finally {
            box.stop();
        }
    }

    @Test
    void aMissingPathRefusesUnderAHardRequirement() {
        PolicyDocument base = fixture.policy();
        PolicyDocument hard = new PolicyDocument(1, Optional.of(new FilesystemPolicy(true, List.of("/no-such-path"), List.of())),
                Optional.of(new LandlockPolicy("hard_requirement")), base.process(), base.networkPolicies(), base.middlewares());
        LaunchOutcome outcome = fixture.runtime.launch(new LaunchRequest("hard", "i", "box", hard, List.of("true"), Map.of(), false));
        assertThat(outcome).isInstanceOfSatisfying(LaunchOutcome.Refused.class, r -> assertThat(r.reason()).contains("/no-such-path"));
    }

    @Test
    void theOwnerOfAConnectionIsNamed() throws Exception {
        RunningSandbox box = fixture.launch("caller", List.of("/usr/bin/python3", "-c",
                "import socket\ns=socket.create_server(('127.0.0.1',4000))\nk=socket.create_connection(('127.0.0.1',4000),source_address=('127.0.0.1',4001))\n"
                        + "print('ready',flush=True)\ninput()"), false);
        try {
            awaitOutput(box.main(), "ready");
            InetSocketAddress workload = new InetSocketAddress("127.0.0.1", 4001);
            InetSocketAddress proxy = new InetSocketAddress("127.0.0.1", 4000);
            CallerResult found = box.callers().find(workload, proxy);
            String exe = Path.of("/usr/bin/python3").toRealPath().toString();
            assertThat(found).isInstanceOfSatisfying(CallerResult.Found.class, f -> {
                assertThat(f.executable()).isEqualTo(exe);
                assertThat(f.ancestors()).isEmpty();
                assertThat(f.sha256().get(exe)).hasSize(64);
            });
            assertThat(box.callers().find(new InetSocketAddress("127.0.0.1", 4002), proxy)).isInstanceOf(CallerResult.Unknown.class);
        } finally {
            box.stop();
        }
    }

    @Test
    void programsSharingAConnectionAreAmbiguous() throws Exception {
        RunningSandbox box = fixture.launch("shared", List.of("/usr/bin/python3", "-c",
                "import socket,subprocess\ns=socket.create_server(('127.0.0.1',4000))\nk=socket.create_connection(('127.0.0.1',4000),source_address=('127.0.0.1',4001))\n"
                        + "k.set_inheritable(True)\np=subprocess.Popen(['sleep','100'],close_fds=False)\nprint('ready',flush=True)\ninput()"), false);
        try {
            awaitOutput(box.main(), "ready");
            assertThat(box.callers().find(new InetSocketAddress("127.0.0.1", 4001), new InetSocketAddress("127.0.0.1", 4000)))
                    .isInstanceOf(CallerResult.Ambiguous.class);
        } finally {
            box.stop();
        }
    }

    @Test
    void stoppingEndsDaemonsToo() throws Exception {
        RunningSandbox box = fixture.launch("daemon", List.of("sh", "-c", "setsid sleep 100 & exec sleep 100"), false);
        Map<String, String> own = box.evidence();
        assertThat(SandboxFixture.processesOf(own)).isNotZero();
        box.stop();
        assertThat(SandboxFixture.processesOf(own)).isZero();
        box.stop();
    }

    @Test
    void fiftyLaunchesLeaveNothingBehind() throws Exception {
        for (int i = 0; i < 5; i++) {
            oneLaunch();
        }
        int fds = count("/proc/self/fd");
        int threads = count("/proc/self/task");
        long mounts = Files.readAllLines(Path.of("/proc/self/mountinfo")).size();
        long begin = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            oneLaunch();
        }
        System.out.println("50 launches with stop, ms each: " + (System.nanoTime() - begin) / 50_000_000);
        assertThat(count("/proc/self/fd")).isLessThanOrEqualTo(fds + 1);
        assertThat(count("/proc/self/task")).isLessThanOrEqualTo(threads + 3);
        assertThat(Files.readAllLines(Path.of("/proc/self/mountinfo"))).hasSize((int) mounts);
        assertThat(zombies()).isZero();
    }

    private void oneLaunch() throws Exception {
        RunningSandbox box = fixture.launch("loop", List.of("echo", "x"), false);
        try {
            assertThat(SandboxFixture.collect(box.main()).out()).isEqualTo("x\n");
        } finally {
            box.stop();
            fixture.runtime.purge("loop");
        }
    }

    @Test
    void leftoversOfAnEarlierAgentAreRemovedAndTheWorkspaceIsKept() throws Exception {
        RunningSandbox box = fixture.launch("left", List.of("sh", "-c", "echo keep > /sandbox/file; exec sleep 100"), false);
        try {
            Map<String, String> own = box.evidence();
            Path file = fixture.home.resolve("state/sandboxes/left/workspace/file");
            SandboxFixture.exec(box, false, "sh", "-c", "until [ -s /sandbox/file ]; do :; done");
            LinuxRuntime next = new LinuxRuntime(new LinuxSettings(fixture.home.resolve("state"), 2_100_000, List.of()));
            next.removeLeftovers("left");
            box.main().exit().toCompletableFuture().get(10, java.util.concurrent.TimeUnit.SECONDS);
            assertThat(SandboxFixture.processesOf(own)).isZero();
            assertThat(file).hasContent("keep");
            next.purge("left");
            assertThat(file).doesNotExist();
        } finally {
            box.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "boot=1", "boot=1\nend\n"})
    void leftoversThatWereNeverWrittenDownAreFoundToo(String record) throws Exception {
        RunningSandbox box = fixture.launch("lost", List.of("sleep", "100"), false);
        try {
            Map<String, String> own = box.evidence();
            Path run = fixture.home.resolve("state/sandboxes/lost/run");
            assertThat(SandboxFixture.processesOf(own)).isPositive();
            Files.delete(run);
            if (!record.isEmpty()) {
                Files.writeString(run, record);
            }
            new LinuxRuntime(new LinuxSettings(fixture.home.resolve("state"), 2_100_000, List.of())).purge("lost");
            box.main().exit().toCompletableFuture().get(10, java.util.concurrent.TimeUnit.SECONDS);
            assertThat(SandboxFixture.processesOf(own)).isZero();
            assertThat(fixture.home.resolve("state/sandboxes/lost")).doesNotExist();
        } finally {
            box.stop();
        }
    }

    @Test
    void aProtectedFileInAWritableDirectoryStays() throws Exception {
        Path keep = fixture.fx.resolve("rw/keep");
        Files.writeString(keep, "keep");
        keep.toFile().setWritable(true, false);
        PolicyDocument policy = PolicyDocument.empty().withFilesystem(new FilesystemPolicy(true, List.of(keep.toString()), List.of(fixture.fx + "/rw")));
        LaunchOutcome outcome = fixture.runtime.launch(new LaunchRequest("keep", "i", "box", policy, List.of("sleep", "100"), Map.of(), false));
        RunningSandbox box = ((LaunchOutcome.Running) outcome).sandbox();
        try {
            assertThat(SandboxFixture.exec(box, false, "sh", "-c", "echo x >> " + fixture.fx + "/rw/other").code()).isZero();
            assertThat(SandboxFixture.exec(box, false, "sh", "-c", "echo x >> " + keep).code()).isNotZero();
            assertThat(SandboxFixture.exec(box, false, "rm", "-f", keep.toString()).code()).isNotZero();
            assertThat(SandboxFixture.exec(box, false, "mv", keep.toString(), fixture.fx + "/rw/moved").code()).isNotZero();
            assertThat(keep).hasContent("keep");
        } finally {
            box.stop();
        }
    }

    @Test
    void noOutputOfACommandIsLostAndInputReachesIt() throws Exception {
        RunningSandbox box = fixture.launch("bulk", List.of("sleep", "100"), false);
        try {
            assertThat(SandboxFixture.exec(box, false, "head", "-c", "5000000", "/dev/zero").out()).hasSize(5_000_000);
            ProcessSession wc = box.exec(new ExecRequest(List.of("wc", "-c"), "/tmp", Map.of(), false, 0, 0));
            wc.writeInput(new byte[3_000_000], 0, 3_000_000);
            wc.closeInput();
            assertThat(SandboxFixture.collect(wc)).isEqualTo(new SandboxFixture.Result(0, "3000000\n", ""));
            ProcessSession cat = box.exec(new ExecRequest(List.of("cat"), "", Map.of(), false, 0, 0));
            cat.signal(15);
            assertThat(SandboxFixture.collect(cat).code()).isEqualTo(143);
        } finally {
            box.stop();
        }
    }

    @Test
    void theListenerDescriptorIsGivenOnce() {
        RunningSandbox box = fixture.launch("fd", List.of("sleep", "100"), false);
        int fd = box.proxyListenerFd();
        try {
            assertThat(fd).isGreaterThan(2);
            assertThatThrownBy(box::proxyListenerFd).isInstanceOf(IllegalStateException.class);
        } finally {
            Fd.close(fd);
            box.stop();
        }
    }

    private static void awaitOutput(ProcessSession session, String text) throws Exception {
        var seen = new java.util.concurrent.CountDownLatch(1);
        StringBuilder all = new StringBuilder();
        try (var s = session.attach(new io.openshell.agent.runtime.OutputListener() {
            @Override
            public void onOutput(Stream stream, byte[] data) {
                all.append(new String(data, StandardCharsets.UTF_8));
                if (all.indexOf(text) >= 0) {
                    seen.countDown();
                }
            }

            @Override
            public void onEnd() {}
        })) {
            assertThat(seen.await(10, java.util.concurrent.TimeUnit.SECONDS)).as("%s", all).isTrue();
        }
    }

    private static int count(String directory) {
        String[] names = Path.of(directory).toFile().list();
        return names == null ? 0 : names.length;
    }

    private static long zombies() throws Exception {
        String parent = "\nPPid:\t" + ProcessHandle.current().pid() + "\n";
        return statuses().filter(s -> s.contains(parent) && s.contains("\nState:\tZ")).count();
    }

    private static java.util.stream.Stream<String> statuses() throws Exception {
        var all = new java.util.ArrayList<String>();
        try (var d = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path p : d) {
                try {
                    all.add(Files.readString(p.resolve("status")));
                } catch (java.io.IOException ended) {
                    continue;
                }
            }
        }
        return all.stream();
    }
}
