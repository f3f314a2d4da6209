package io.openshell.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.Subscription;
import io.openshell.model.sandbox.Session;
import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.AttachMainProcess;
import io.openshell.wire.control.v1.Cancel;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.v1.ExecSandboxRequest;
import io.openshell.wire.v1.ExecSandboxWindowResize;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.grpc.common.GrpcStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayClientTest {

    private static final int BIG = 8 << 20;

    @TempDir
    Path folder;
    final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    final ScriptedSandbox sandbox = new ScriptedSandbox();
    RelayClient client;
    RelayGateway gateway;

    @BeforeEach
    void start() {
        gateway = new RelayGateway(vertx, folder.resolve("gateway.sock"));
        client = new RelayClient(vertx, "node-1", blocking);
    }

    @AfterEach
    void stop() {
        client.close();
        sandbox.close();
        gateway.close();
        blocking.shutdown();
        RelayGateway.await(vertx.close());
    }

    // --- running a command

    @Test
    void saysHelloRunsTheCommandAndEndsWithItsExitCode() {
        CompletionStage<SessionEnd> end = serveExec("sh", "-c", "printf one; printf two; exit 3");
        RelayGateway.Call call = gateway.accept();
        AgentFrame hello = call.take();
        assertThat(hello.getHello().getRelayId()).isEqualTo("s-1");
        assertThat(hello.getHello().getNodeId()).isEqualTo("node-1");
        call.send(exec("sh", "-c", "printf one; printf two; exit 3"));
        List<AgentFrame> frames = toLast(call);
        assertThat(bytes(frames, AgentFrame.PayloadCase.STDOUT)).asString().isEqualTo("onetwo");
        assertThat(frames.getLast().getExit()).isEqualTo(3);
        assertThat(call.drained()).succeedsWithin(Duration.ofSeconds(10));
        call.end();
        assertThat(get(end)).isEqualTo(new SessionEnd.Exited(3));
    }

    @Test
    void keepsStdoutAndStderrApart() {
        RelayGateway.Call call = running("sh", "-c", "printf out; printf err >&2");
        List<AgentFrame> frames = toLast(call);
        assertThat(bytes(frames, AgentFrame.PayloadCase.STDOUT)).asString().isEqualTo("out");
        assertThat(bytes(frames, AgentFrame.PayloadCase.STDERR)).asString().isEqualTo("err");
    }

    @Test
    void honoursEnvironmentWorkdirAndFirstInput() {
        serveExec("sh", "-c", "echo $WHO; pwd; cat");
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.send(GatewayFrame.newBuilder().setExec(request("sh", "-c", "echo $WHO; pwd; cat")
                .putEnvironment("WHO", "ada").setWorkdir("/").setCols(132)
                .setStdin(ByteString.copyFromUtf8("in"))));
        call.endInput();
        assertThat(bytes(toLast(call), AgentFrame.PayloadCase.STDOUT)).asString().isEqualTo("ada\n/\nin");
        assertThat(sandbox.asked.peek().cols()).isEqualTo(132);
        assertThat(sandbox.asked.peek().rows()).isEqualTo(24);
    }

    @Test
    void passesInputOnUntilItsEnd() {
        RelayGateway.Call call = running("sh", "-c", "cat; exit 5");
        call.stdin("ab".getBytes(StandardCharsets.UTF_8), 0, 2);
        assertThat(call.take().getStdout().toStringUtf8()).isEqualTo("ab");
        call.stdin("cd".getBytes(StandardCharsets.UTF_8), 0, 2);
        call.endInput();
        List<AgentFrame> frames = toLast(call);
        assertThat(bytes(frames, AgentFrame.PayloadCase.STDOUT)).asString().isEqualTo("cd");
        assertThat(frames.getLast().getExit()).isEqualTo(5);
    }

    @Test
    void passesTheTerminalSizeOn() {
        RelayGateway.Call call = running("cat");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        call.send(GatewayFrame.newBuilder().setResize(ExecSandboxWindowResize.newBuilder().setCols(100).setRows(40)));
        until(() -> process.sizes.equals(List.of("100x40")));
        call.endInput();
        assertThat(toLast(call).getLast().getExit()).isZero();
    }

    // --- back-pressure

    @Test
    void holdsAProcessBackWhoseReaderStallsAndThenDeliversEveryByte() throws IOException {
        byte[] data = random();
        Path file = Files.write(folder.resolve("data"), data);
        RelayGateway.Call call = running("cat", file.toString());
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        long stalledAt = stable(process.delivered);
        System.out.println("output under way while the reader stalls: " + stalledAt + " bytes");
        assertThat(stalledAt).isPositive().isLessThan(1 << 20);

        ByteArrayOutputStream got = new ByteArrayOutputStream();
        long most = 0;
        AgentFrame frame = call.take();
        while (frame.hasStdout()) {
            got.writeBytes(frame.getStdout().toByteArray());
            most = Math.max(most, process.delivered.get() - got.size());
            frame = call.take();
        }
        System.out.println("most output under way: " + most + " bytes");
        assertThat(most).isLessThan(1 << 20);
        assertThat(got.toByteArray()).isEqualTo(data);
        assertThat(frame.getExit()).isZero();
    }

    @Test
    void holdsTheGatewayBackWhileAProcessDoesNotReadAndThenDeliversEveryByte() {
        byte[] data = random();
        GatedReader reader = new GatedReader();
        sandbox.main(reader);
        serveAttach();
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.send(GatewayFrame.newBuilder().setAttach(AttachMainProcess.getDefaultInstance()));
        AtomicLong sent = new AtomicLong();
        Thread.ofVirtual().start(() -> {
            for (int at = 0; at < BIG; at += 65_536) {
                call.stdin(data, at, 65_536).join();
                sent.addAndGet(65_536);
            }
            call.endInput();
        });
        long stalledAt = stable(sent);
        System.out.println("input under way while the process does not read: " + stalledAt + " bytes");
        assertThat(stalledAt).isPositive().isLessThan(3 << 20);
        reader.gate.release(Integer.MAX_VALUE);
        assertThat(reader.closed).succeedsWithin(Duration.ofSeconds(20));
        assertThat(reader.read.toByteArray()).isEqualTo(data);
    }

    @Test
    void carriesBinaryDataBothWaysAtOnce() {
        byte[] data = random();
        RelayGateway.Call call = running("cat");
        Thread.ofVirtual().start(() -> {
            for (int at = 0; at < BIG; at += 65_536) {
                call.stdin(data, at, 65_536).join();
            }
            call.endInput();
        });
        List<AgentFrame> frames = toLast(call);
        assertThat(bytes(frames, AgentFrame.PayloadCase.STDOUT)).isEqualTo(data);
        assertThat(frames.getLast().getExit()).isZero();
    }

    @Test
    void aStalledSessionDoesNotHoldAnotherBack() throws IOException {
        Path file = Files.write(folder.resolve("data"), random());
        RelayGateway.Call stalled = running("cat", file.toString());
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        assertThat(stable(process.delivered)).isPositive();
        RelayGateway.Call other = running("cat", file.toString());
        assertThat(bytes(toLast(other), AgentFrame.PayloadCase.STDOUT)).hasSize(BIG);
        assertThat(bytes(toLast(stalled), AgentFrame.PayloadCase.STDOUT)).hasSize(BIG);
    }

    // --- ends

    @Test
    void cancelEndsWhatWasStarted() {
        CompletionStage<SessionEnd> end = serveExec("sleep", "600");
        RelayGateway.Call call = joined("sleep", "600");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        assertThat(process.process.isAlive()).isTrue();
        cancel(call, false);
        assertThat(get(end)).isEqualTo(new SessionEnd.Exited(143));
        assertThat(process.signals).containsExactly(15);
        assertThat(process.process.isAlive()).isFalse();
    }

    @Test
    void killsWhatDoesNotEndWhenAskedTo() {
        String script = "trap '' TERM; echo up; while true; do sleep 1; done";
        CompletionStage<SessionEnd> end = serveExec("sh", "-c", script);
        RelayGateway.Call call = joined("sh", "-c", script);
        assertThat(call.take().getStdout().toStringUtf8()).isEqualTo("up\n");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        cancel(call, false);
        assertThat(get(end)).isEqualTo(new SessionEnd.Exited(137));
        assertThat(process.signals).containsExactly(15, 9);
    }

    @Test
    void endsWith124WhenTheTimeIsOver() {
        CompletionStage<SessionEnd> end = serveExec("sleep", "600");
        RelayGateway.Call call = joined("sleep", "600");
        RelayGateway.poll(sandbox.started, "nothing was started");
        cancel(call, true);
        assertThat(get(end)).isEqualTo(new SessionEnd.Exited(124));
    }

    @Test
    void cancelReachesAProcessThatReadsNoInputAndWhoseOutputNobodyTakes() {
        CompletionStage<SessionEnd> end = serveExec("sh", "-c", "cat /dev/zero");
        RelayGateway.Call call = joined("sh", "-c", "cat /dev/zero");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        call.stdin(new byte[400_000], 0, 400_000).join();
        assertThat(stable(process.delivered)).isPositive();
        cancel(call, false);
        get(end);
        assertThat(process.process.isAlive()).isFalse();
    }

    @Test
    void aResetStreamEndsWhatWasStarted() {
        CompletionStage<SessionEnd> end = serveExec("sh", "-c", "echo up; sleep 600");
        RelayGateway.Call call = joined("sh", "-c", "echo up; sleep 600");
        assertThat(call.take().hasStdout()).isTrue();
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        call.reset();
        assertThat(get(end)).isInstanceOf(SessionEnd.Lost.class);
        assertThat(process.process.isAlive()).isFalse();
    }

    @Test
    void aBrokenConnectionEndsWhatWasStarted() {
        CompletionStage<SessionEnd> end = serveExec("sleep", "600");
        RelayGateway.Call call = joined("sleep", "600");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        call.disconnect();
        assertThat(get(end)).isInstanceOf(SessionEnd.Lost.class);
        assertThat(process.process.isAlive()).isFalse();
    }

    @Test
    void theEndOfTheGatewaysStreamEndsWhatWasStarted() {
        CompletionStage<SessionEnd> end = serveExec("sleep", "600");
        RelayGateway.Call call = joined("sleep", "600");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        call.end();
        assertThat(get(end)).isInstanceOf(SessionEnd.Lost.class);
        assertThat(process.process.isAlive()).isFalse();
    }

    @Test
    void closingTheClientEndsItsCommandsAndStartsNoMore() {
        CompletionStage<SessionEnd> end = serveExec("sleep", "600");
        joined("sleep", "600");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        client.close();
        assertThat(get(end)).isEqualTo(new SessionEnd.Lost("the node agent is stopping"));
        assertThat(process.process.isAlive()).isFalse();
        assertThat(get(serveExec("true"))).isInstanceOf(SessionEnd.NotStarted.class);
    }

    // --- the main process

    @Test
    void attachReplaysWhatWasSaidAndDetachesWithoutEndingTheProcess() throws IOException {
        ScriptedProcess main = sandbox.startMain("sh", "-c", "echo before; cat");
        CompletionStage<SessionEnd> end = serveAttach();
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.send(GatewayFrame.newBuilder().setAttach(AttachMainProcess.newBuilder().setCols(90).setRows(30)));
        assertThat(call.take().getStdout().toStringUtf8()).isEqualTo("before\n");
        call.stdin("live".getBytes(StandardCharsets.UTF_8), 0, 4);
        assertThat(call.take().getStdout().toStringUtf8()).isEqualTo("live");
        assertThat(main.sizes).containsExactly("90x30");
        cancel(call, false);
        assertThat(get(end)).isEqualTo(new SessionEnd.Detached());
        until(() -> main.listening() == 0);
        assertThat(main.process.isAlive()).isTrue();
        assertThat(main.signals).isEmpty();
    }

    @Test
    void aLostStreamLeavesTheMainProcessAlone() throws IOException {
        ScriptedProcess main = sandbox.startMain("sh", "-c", "echo before; cat");
        CompletionStage<SessionEnd> end = serveAttach();
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.send(GatewayFrame.newBuilder().setAttach(AttachMainProcess.getDefaultInstance()));
        assertThat(call.take().hasStdout()).isTrue();
        call.reset();
        assertThat(get(end)).isInstanceOf(SessionEnd.Lost.class);
        until(() -> main.listening() == 0);
        assertThat(main.process.isAlive()).isTrue();
        assertThat(main.signals).isEmpty();
    }

    @Test
    void whoOnlyLooksOnCannotWrite() throws IOException {
        ScriptedProcess main = sandbox.startMain("cat");
        serveAttach();
        RelayGateway.Call writing = gateway.accept();
        writing.take();
        writing.send(GatewayFrame.newBuilder().setAttach(AttachMainProcess.getDefaultInstance()));
        serveAttach();
        RelayGateway.Call looking = gateway.accept();
        looking.take();
        looking.send(GatewayFrame.newBuilder().setAttach(AttachMainProcess.newBuilder().setReadOnly(true)));
        until(() -> main.listening() == 2);
        looking.stdin("no".getBytes(StandardCharsets.UTF_8), 0, 2);
        looking.endInput();
        looking.send(GatewayFrame.newBuilder().setResize(ExecSandboxWindowResize.newBuilder().setCols(1).setRows(1)));
        cancel(looking, false);
        until(() -> main.listening() == 1);
        writing.stdin("yes".getBytes(StandardCharsets.UTF_8), 0, 3);
        writing.endInput();
        assertThat(bytes(toLast(writing), AgentFrame.PayloadCase.STDOUT)).asString().isEqualTo("yes");
        assertThat(main.sizes).isEmpty();
    }

    // --- nothing runs

    @Test
    void aCommandThatCannotBeStartedIsToldToTheGateway() {
        CompletionStage<SessionEnd> end = serveExec("/nowhere/program");
        RelayGateway.Call call = joined("/nowhere/program");
        AgentFrame frame = call.take();
        assertThat(frame.getFailed().getCode()).isEqualTo("START_FAILED");
        assertThat(frame.getFailed().getMessage()).isEqualTo("exec: no such program");
        call.end();
        assertThat(get(end)).isEqualTo(new SessionEnd.NotStarted("START_FAILED", "exec: no such program"));
    }

    @Test
    void runsOnlyWhatTheSessionWasOpenedFor() {
        RelayGateway.Call call = running("true");
        assertThat(toLast(call).getLast().getExit()).isZero();
        sandbox.asked.clear();

        serveExec("true");
        assertThat(joined("false").take().getFailed().getCode()).isEqualTo("INVALID_ARGUMENT");
        serveExec("true");
        RelayGateway.Call elsewhere = gateway.accept();
        elsewhere.take();
        elsewhere.send(GatewayFrame.newBuilder().setExec(request("true").setSandboxId("sb-2")));
        assertThat(elsewhere.take().getFailed().getCode()).isEqualTo("NOT_FOUND");
        serveExec("true");
        RelayGateway.Call attach = gateway.accept();
        attach.take();
        attach.send(GatewayFrame.newBuilder().setAttach(AttachMainProcess.getDefaultInstance()));
        assertThat(attach.take().getFailed().getCode()).isEqualTo("INVALID_ARGUMENT");
        assertThat(sandbox.asked).isEmpty();
    }

    @Test
    void anAddressItCannotDialIsATypedEnd() {
        for (String address : List.of("tcp:127.0.0.1:9", "https://gateway", "unix:relative", "", "/run/gateway.sock")) {
            assertThat(get(client.serve(session(address, "true"), sandbox)))
                    .isInstanceOfSatisfying(SessionEnd.NotStarted.class,
                            end -> assertThat(end.code()).isEqualTo("UNSUPPORTED_ADDRESS"));
        }
        assertThat(get(client.serve(session("unix:" + folder.resolve("nobody.sock"), "true"), sandbox)))
                .isInstanceOfSatisfying(SessionEnd.NotStarted.class,
                        end -> assertThat(end.code()).isEqualTo("UNAVAILABLE"));
    }

    @Test
    void aGatewayThatDoesNotKnowTheRelayEndsTheSession() {
        CompletionStage<SessionEnd> end = serveExec("true");
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.refuse(GrpcStatus.NOT_FOUND, "no session waits for this relay");
        assertThat(get(end)).isEqualTo(new SessionEnd.NotStarted("NOT_FOUND", "no session waits for this relay"));
        assertThat(sandbox.asked).isEmpty();
    }

    @Test
    void refusesMoreThanSixtyFourSessionsAtOnceAndServesAgainWhenOneHasEnded() {
        List<RelayGateway.Call> calls = new ArrayList<>();
        for (int i = 0; i < RelayClient.MOST_SESSIONS; i++) {
            serveExec("cat");
            calls.add(gateway.accept());
        }
        CompletionStage<SessionEnd> beyond = serveExec("cat");
        RelayGateway.Call refused = gateway.accept();
        assertThat(refused.take().hasHello()).isTrue();
        assertThat(refused.take().getFailed().getCode()).isEqualTo("RESOURCE_EXHAUSTED");
        refused.end();
        assertThat(get(beyond)).isInstanceOf(SessionEnd.NotStarted.class);

        calls.getFirst().refuse(GrpcStatus.NOT_FOUND, "gone");
        until(() -> {
            serveExec("true");
            RelayGateway.Call next = gateway.accept();
            next.take();
            next.send(exec("true"));
            boolean served = next.take().hasExit();
            next.end();
            return served;
        });
    }

    // --- the rest

    /** A main process that reads only as much as it is allowed to. */
    private static final class GatedReader implements ProcessSession {
        final Semaphore gate = new Semaphore(0);
        final ByteArrayOutputStream read = new ByteArrayOutputStream();
        final CompletableFuture<Void> closed = new CompletableFuture<>();

        @Override
        public void writeInput(byte[] bytes, int offset, int length) {
            gate.acquireUninterruptibly();
            gate.release();
            read.write(bytes, offset, length);
        }

        @Override
        public void closeInput() {
            closed.complete(null);
        }

        @Override
        public Subscription attach(OutputListener listener) {
            return () -> {};
        }

        @Override
        public void resize(int cols, int rows) {}

        @Override
        public void signal(int signo) {}

        @Override
        public CompletionStage<Integer> exit() {
            return new CompletableFuture<>();
        }

        @Override
        public boolean tty() {
            return false;
        }
    }

    private Session session(String address, String... command) {
        return new Session("s-1", Session.Kind.EXEC, List.of(command), false, address);
    }

    private CompletionStage<SessionEnd> serveExec(String... command) {
        return client.serve(session(gateway.address(), command), sandbox);
    }

    private CompletionStage<SessionEnd> serveAttach() {
        return client.serve(new Session("s-2", Session.Kind.ATTACH, List.of(), false, gateway.address()), sandbox);
    }

    private static ExecSandboxRequest.Builder request(String... command) {
        return ExecSandboxRequest.newBuilder().setSandboxId("sb-1").addAllCommand(List.of(command));
    }

    private static GatewayFrame.Builder exec(String... command) {
        return GatewayFrame.newBuilder().setExec(request(command));
    }

    private RelayGateway.Call joined(String... command) {
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.send(exec(command));
        return call;
    }

    private RelayGateway.Call running(String... command) {
        serveExec(command);
        return joined(command);
    }

    private static void cancel(RelayGateway.Call call, boolean timedOut) {
        call.send(GatewayFrame.newBuilder().setCancel(Cancel.newBuilder().setTimedOut(timedOut)));
        call.end();
    }

    private static List<AgentFrame> toLast(RelayGateway.Call call) {
        List<AgentFrame> frames = new ArrayList<>();
        do {
            frames.add(call.take());
        } while (!frames.getLast().hasExit() && !frames.getLast().hasFailed());
        call.end();
        return frames;
    }

    private static byte[] bytes(List<AgentFrame> frames, AgentFrame.PayloadCase which) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        frames.stream().filter(frame -> frame.getPayloadCase() == which).forEach(frame -> all.writeBytes(
                (which == AgentFrame.PayloadCase.STDOUT ? frame.getStdout() : frame.getStderr()).toByteArray()));
        return all.toByteArray();
    }

    private static byte[] random() {
        byte[] data = new byte[BIG];
        new Random(7).nextBytes(data);
        return data;
    }

    private static SessionEnd get(CompletionStage<SessionEnd> end) {
        try {
            return end.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError("the session did not end: " + failed, failed);
        }
    }

    private static void until(BooleanSupplier condition) {
        long limit = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > limit) {
                throw new AssertionError("the condition did not come true");
            }
            Thread.onSpinWait();
        }
    }

    /** The counter's value once it has stood still above zero for half a second. */
    private static long stable(AtomicLong counter) {
        long[] last = {0, System.nanoTime()};
        until(() -> {
            if (counter.get() != last[0]) {
                last[0] = counter.get();
                last[1] = System.nanoTime();
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            return last[0] > 0 && System.nanoTime() - last[1] > Duration.ofMillis(500).toNanos();
        });
        return last[0];
    }
}
