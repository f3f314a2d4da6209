package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.runtime.AdoptOutcome;
import io.openshell.agent.runtime.ExecRequest;
import io.openshell.agent.runtime.KeptRun;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.SourcedRuntime;
import io.openshell.model.sandbox.SandboxSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sandbox is after the agent that started it was killed, and another one took it over. */
class AdoptionTest {
    private static final String WAIT = "until [ -e /sandbox/go ]; do sleep 0.05; done; ";
    private static final String ECHO = "while read l; do echo got $l; done; exit 5";
    private SandboxFixture fixture;
    private Path state;
    private SourcedRuntime next;
    private String script = "";
    private boolean tty;

    /** What the sandboxes are made from; skips the test where there is no such thing. */
    SandboxSource source() {
        return new SandboxSource.Host();
    }

    @BeforeEach
    void start() throws Exception {
        fixture = new SandboxFixture();
        SandboxFixture.assumeKernel(fixture.runtime);
        source();
        state = fixture.home.resolve("state");
        next = AgentToKill.runtime(state);
    }

    @AfterEach
    void stop() throws Exception {
        if (next != null) {
            next.purge("box");
            if (next.containers().orElse(null) instanceof AutoCloseable containers) {
                containers.close();
            }
        }
        fixture.close();
    }

    /** An agent that has started the script and was killed; returns the main process. */
    private int killed(String script, boolean tty) throws Exception {
        this.script = script;
        this.tty = tty;
        try (AgentToKill agent = AgentToKill.with(state, source(), "box", tty, script)) {
            return agent.main;
        }
    }

    private AdoptOutcome.Adopted adopted() {
        AdoptOutcome outcome = next.adopt(AgentToKill.request(source(), "box", tty, script));
        assertThat(outcome).isInstanceOf(AdoptOutcome.Adopted.class);
        return (AdoptOutcome.Adopted) outcome;
    }

    private void go() throws IOException {
        Files.createFile(state.resolve("sandboxes/box/workspace/go"));
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("not in time: " + what).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static StringBuffer output(RunningSandbox box) {
        StringBuffer all = new StringBuffer();
        box.main().attach(new OutputListener() {
            @Override
            public void onOutput(Stream stream, byte[] data) {
                all.append(new String(data, StandardCharsets.UTF_8));
            }

            @Override
            public void onEnd() {
                all.append("<end>");
            }
        });
        return all;
    }

    private static void type(RunningSandbox box, String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        box.main().writeInput(bytes, 0, bytes.length);
    }

    private static boolean runs(int pid) throws IOException {
        return ProcFiles.startTime(pid).isPresent();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itGoesOnWithItsStreamsAndWhatItWroteInBetweenArrives(boolean terminal) throws Exception {
        int main = killed(WAIT + "echo between; " + ECHO, terminal);
        go();
        assertThat(runs(main)).as("it outlives its agent").isTrue();
        assertThat(next.kept("box")).contains(new KeptRun(3, "i1", 1));
        AdoptOutcome.Adopted adopted = adopted();
        RunningSandbox box = adopted.sandbox();
        assertThat(adopted.verified()).containsEntry("main.pid", Integer.toString(main)).containsEntry("main", "running")
                .containsKeys("ns.net", "ns.pid", "ns.mnt", "init.start", "holder.pid");
        assertThat(adopted.secret().bytes()).asString(StandardCharsets.UTF_8).isEqualTo(AgentToKill.SECRET);
        assertThat(box.evidence()).containsEntry("Seccomp", "2").containsEntry("NoNewPrivs", "1");
        StringBuffer seen = output(box);
        await("what it wrote in between", () -> seen.toString().contains("between"));
        type(box, "hello");
        await("an answer to what was typed", () -> seen.toString().contains("got hello"));
        box.main().resize(120, 40);
        assertThat(SandboxFixture.exec(box, false, "sh", "-c", "id -u; cat /proc/self/status").out())
                .contains("NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000");
        assertThat(runs(main)).isTrue();
        box.main().closeInput();
        assertThat(box.main().exit().toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(5);
        box.stop();
    }

    @ParameterizedTest
    @CsvSource({"exit 7, 7", "kill -TERM $$, 143"})
    void theStatusOfAnEndThatNoAgentSawIsKept(String end, int status) throws Exception {
        Assumptions.assumeTrue(kernel() >= 6.15, "needs Linux 6.15, which keeps the status of an ended process");
        int main = killed(WAIT + "echo last words; " + end, false);
        go();
        await("its end", () -> !runs(main));
        RunningSandbox box = adopted().sandbox();
        StringBuffer seen = output(box);
        assertThat(box.main().exit().toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(status);
        assertThat(seen.toString()).isEqualTo("last words\n<end>");
        box.stop();
    }

    private static double kernel() {
        String[] parts = System.getProperty("os.version").split("[.-]");
        return Integer.parseInt(parts[0]) + Integer.parseInt(parts[1]) / 100.0;
    }

    @Test
    void itIsHeldBackInsteadOfLosingOutputWhileNobodyReads() throws Exception {
        killed(WAIT + "head -c 1000000 /dev/zero | tr '\\0' x; echo; " + ECHO, false);
        go();
        RunningSandbox box = adopted().sandbox();
        StringBuffer seen = output(box);
        await("all of it", () -> seen.length() >= 1_000_001);
        assertThat(seen.toString().strip()).matches("x{1000000}");
        box.stop();
    }

    @Test
    void aConnectionMadeInBetweenWaitsForTheNextAgent() throws Exception {
        killed(WAIT + "exec python3 -c 'import socket; s=socket.create_connection((\"10.200.0.1\",3128)); print(\"made\",flush=True); s.recv(1)'", false);
        go();
        RunningSandbox box = adopted().sandbox();
        StringBuffer seen = output(box);
        await("the connection", () -> seen.toString().contains("made"));
        int listener = box.proxyListenerFd();
        assertThat(Fd.poll(new int[] {listener}, new int[] {Fd.POLLIN}, 5_000)[0]).as("somebody waits").isNotZero();
        Fd.close(listener);
        box.stop();
    }

    @Test
    void anAttemptPastTheProxyIsRefusedAtOnceInBetweenAndSeenByTheNextAgent() throws Exception {
        Path workspace = state.resolve("sandboxes/box/workspace");
        String attempt = "python3 -c 'import socket,time; t=time.time(); print(socket.socket().connect_ex((\"%s\",443)),time.time()-t<3)'; ";
        killed(WAIT + attempt.formatted("192.0.2.1") + "touch /sandbox/done; until [ -e /sandbox/more ]; do sleep 0.05; done; "
                + attempt.formatted("192.0.2.77") + "exec sleep 600", false);
        go();
        await("the attempt that nobody sees", () -> Files.exists(workspace.resolve("done")));
        RunningSandbox box = adopted().sandbox();
        Assumptions.assumeTrue(box.direct().absent().isEmpty(), () -> "needs nf_tables with queues: " + box.direct().absent());
        Queue<String> told = new ConcurrentLinkedQueue<>();
        box.direct().watch(each -> told.add(each.to().getAddress().getHostAddress()));
        StringBuffer seen = output(box);
        Files.createFile(workspace.resolve("more"));
        await("both attempts", () -> seen.toString().lines().filter("111 True"::equals).count() == 2);
        assertThat(told).containsExactly("192.0.2.77");
        box.stop();
    }

    @Test
    void programsThatCallersRanThroughTheKilledAgentAreEnded() throws Exception {
        script = "sleep 600";
        int run;
        int main;
        try (AgentToKill agent = AgentToKill.with(state, source(), "box", false, script)) {
            main = agent.main;
            run = agent.exec("trap '' TERM; sleep 500; sleep 501");
        }
        assertThat(runs(run)).isTrue();
        RunningSandbox box = adopted().sandbox();
        await("its end", () -> !runs(run));
        assertThat(runs(main)).isTrue();
        box.stop();
    }

    @Test
    void stoppingItAfterwardsLeavesNothing() throws Exception {
        int main = killed("setsid sleep 600 & exec sleep 600", false);
        adopted().sandbox().stop();
        int before = count("/proc/self/fd");
        next.purge("box");
        int again = killed("exec sleep 600", false);
        RunningSandbox box = adopted().sandbox();
        Map<String, String> own = box.evidence();
        box.stop();
        assertThat(runs(main)).isFalse();
        assertThat(runs(again)).isFalse();
        assertThat(count("/proc/self/fd")).isLessThanOrEqualTo(before + 1);
        assertThat(SandboxFixture.processesOf(own)).isZero();
        assertThat(holders()).isZero();
        assertThat(next.kept("box")).isEmpty();
    }

    @Test
    void anAgentThatEndsInOrderLeavesItToTheNext() throws Exception {
        script = "echo first; " + ECHO;
        LaunchOutcome outcome = next.launch(AgentToKill.request(source(), "box", false, script));
        RunningSandbox before = ((LaunchOutcome.Running) outcome).sandbox();
        int main = ((LinuxSession) before.main()).pid();
        StringBuffer first = output(before);
        await("its output", () -> first.toString().contains("first"));
        before.release();
        next = AgentToKill.runtime(state);
        RunningSandbox box = adopted().sandbox();
        assertThat(((LinuxSession) box.main()).pid()).isEqualTo(main);
        StringBuffer seen = output(box);
        type(box, "again");
        await("an answer", () -> seen.toString().contains("got again"));
        box.main().closeInput();
        assertThat(box.main().exit().toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(5);
        assertThat(before.main().exit().toCompletableFuture()).as("the earlier agent tells of no end").isNotDone();
        box.stop();
    }

    @Test
    void inputThatWasEndedStaysEnded() throws Exception {
        script = "cat; " + WAIT + "exit 9";
        RunningSandbox before = ((LaunchOutcome.Running) next.launch(AgentToKill.request(source(), "box", false, script))).sandbox();
        before.main().closeInput();
        before.release();
        next = AgentToKill.runtime(state);
        RunningSandbox box = adopted().sandbox();
        go();
        assertThat(box.main().exit().toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(9);
        box.stop();
    }

    @Test
    void nothingThatIsNotWhatWasWrittenDownIsTrusted() throws Exception {
        int main = killed("sleep 600", false);
        Path file = state.resolve("sandboxes/box/run");
        String record = Files.readString(file);
        for (String[] change : List.of(new String[] {"(?m)^boot=.*", "boot=other"}, new String[] {"(?m)^init=(\\d+) .*", "init=$1 7"},
                new String[] {"(?m)^init=.*", "init=1 " + ProcFiles.startTime(1).orElse("0")}, new String[] {"(?m)^main=(\\d+) .*", "main=$1 7"},
                new String[] {"(?m)^main=.*", "main=1 " + ProcFiles.startTime(1).orElse("0")}, new String[] {"(?m)^holder=(\\d+) .*", "holder=$1 7"},
                new String[] {"(?m)^holder=.*", "holder=1 " + ProcFiles.startTime(1).orElse("0")}, new String[] {"(?m)^ns.net=.*", "ns.net=net:[1]"},
                new String[] {"(?m)^uid=.*", "uid=0"}, new String[] {"(?m)^instance=.*", "instance=i2"}, new String[] {"(?m)^fd.main=.*\n", ""})) {
            Files.writeString(file, record.replaceAll(change[0], change[1]));
            assertThat(next.adopt(AgentToKill.request(source(), "box", false, script))).as(change[1]).isInstanceOf(AdoptOutcome.NotAdopted.class);
            assertThat(runs(main)).as("only looked at").isTrue();
        }
        Files.writeString(file, record);
        adopted().sandbox().stop();
        assertThat(runs(main)).isFalse();
    }

    @Test
    void whatIsKeptIsOutOfEverybodysReach() throws Exception {
        killed("sleep 600", false);
        Path file = state.resolve("sandboxes/box/run");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        String record = Files.readString(file);
        assertThat(record).doesNotContain(AgentToKill.SECRET);
        int holder = RunRecord.parse(record).orElseThrow().holder().pid();
        Map<String, String> status = ProcFiles.status(holder);
        RunningSandbox box = adopted().sandbox();
        assertThat(status.get("CapEff")).isEqualTo("0000000000000000");
        assertThat(status.get("CapBnd")).isEqualTo("0000000000000000");
        assertThat(status.get("NoNewPrivs")).isEqualTo("1");
        assertThat(status.get("Uid")).doesNotContain(" 0 ");
        boolean ofAgent = Standing.here().inUserNamespace(); // its id is then PID 1's as well, and perhaps the sandbox's
        assertThat(ofAgent || !status.get("Uid").equals(box.evidence().get("Uid"))).isTrue();
        assertThat(SandboxFixture.exec(box, false, "sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '").out()).contains("sleep 600");
        if (!ofAgent) {
            assertThat(SandboxFixture.exec(box, false, "sh", "-c", "cat /proc/[0-9]*/status").out()).doesNotContain(status.get("Uid").split(" ")[0]);
        }
        // PID 1 is one; the holder is another, which nobody inside sees.
        assertThat(SandboxFixture.exec(box, false, "sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '").out())
                .containsOnlyOnce(source() instanceof SandboxSource.Host ? "sleep infinity" : "openshell-init");
        box.stop();
    }

    @Test
    void aGroupWhoseLeaderHasEndedCanStillBeSignalled() throws Exception {
        RunningSandbox box = ((LaunchOutcome.Running) next.launch(AgentToKill.request(source(), "box", false, "exec sleep 600"))).sandbox();
        try {
            var session = box.exec(new ExecRequest(List.of("sh", "-c", "sleep 602 >/dev/null 2>&1 & echo $!; exit 4"), "", Map.of(), false, 0, 0));
            assertThat(SandboxFixture.collect(session).code()).isEqualTo(4);
            Map<String, String> own = box.evidence();
            assertThat(SandboxFixture.processesOf(own)).isEqualTo(2);
            session.signal(9);
            await("the rest of the group", () -> SandboxFixture.processesOf(own) == 1);
        } finally {
            box.stop();
        }
    }

    private static int count(String directory) throws IOException {
        try (var all = Files.list(Path.of(directory))) {
            return (int) all.count();
        }
    }

    private static long holders() throws IOException {
        long found = 0;
        for (int pid : ProcFiles.all()) {
            found += ProcFiles.environment(pid).contains(Holder.marker("box")) ? 1 : 0;
        }
        return found;
    }
}
