package io.openshell.agent.session;

import io.openshell.model.sandbox.Session;
import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.Cancel;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.v1.ExecSandboxRequest;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An agent's relay client, a gateway under the test's control and a sandbox of plain processes. */
abstract class RelayScene {

    static final int BIG = 8 << 20;

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

    Session session(String address, String... command) {
        return new Session("s-1", Session.Kind.EXEC, List.of(command), false, address);
    }

    CompletionStage<SessionEnd> serveExec(String... command) {
        return client.serve(session(gateway.address(), command), sandbox);
    }

    CompletionStage<SessionEnd> serveAttach() {
        return client.serve(new Session("s-2", Session.Kind.ATTACH, List.of(), false, gateway.address()), sandbox);
    }

    static ExecSandboxRequest.Builder request(String... command) {
        return ExecSandboxRequest.newBuilder().setSandboxId("sb-1").addAllCommand(List.of(command));
    }

    static GatewayFrame.Builder exec(String... command) {
        return GatewayFrame.newBuilder().setExec(request(command));
    }

    RelayGateway.Call joined(String... command) {
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.send(exec(command));
        return call;
    }

    RelayGateway.Call running(String... command) {
        serveExec(command);
        return joined(command);
    }

    static void cancel(RelayGateway.Call call, boolean timedOut) {
        call.send(GatewayFrame.newBuilder().setCancel(Cancel.newBuilder().setTimedOut(timedOut)));
        call.end();
    }

    static List<AgentFrame> toLast(RelayGateway.Call call) {
        List<AgentFrame> frames = new ArrayList<>();
        do {
            frames.add(call.take());
        } while (!frames.getLast().hasExit() && !frames.getLast().hasFailed());
        call.end();
        return frames;
    }

    static byte[] bytes(List<AgentFrame> frames, AgentFrame.PayloadCase which) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        frames.stream().filter(frame -> frame.getPayloadCase() == which).forEach(frame -> all.writeBytes(
                (which == AgentFrame.PayloadCase.STDOUT ? frame.getStdout() : frame.getStderr()).toByteArray()));
        return all.toByteArray();
    }

    static byte[] random() {
        byte[] data = new byte[BIG];
        new Random(7).nextBytes(data);
        return data;
    }

    static SessionEnd get(CompletionStage<SessionEnd> end) {
        try {
            return end.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError("the session did not end: " + failed, failed);
        }
    }

    static void until(BooleanSupplier condition) {
        long limit = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > limit) {
                throw new AssertionError("the condition did not come true");
            }
            Thread.onSpinWait();
        }
    }

    /** The counter's value once it has stood still above zero for half a second. */
    static long stable(AtomicLong counter) {
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
