package io.openshell.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.Subscription;
import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.AttachMainProcess;
import io.openshell.wire.control.v1.GatewayFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Slow readers on either side, and every byte in the end. */
class RelayBackPressureTest extends RelayScene {

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
        reader.gate.release(1);
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

    @Test
    void triesAgainWhenAProcessTookNoInputForLong() {
        GatedReader reader = new GatedReader();
        reader.gate.release(1);
        reader.stalls.set(3);
        sandbox.main(reader);
        serveAttach();
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.send(GatewayFrame.newBuilder().setAttach(AttachMainProcess.getDefaultInstance()));
        byte[] data = "every byte once".getBytes(StandardCharsets.UTF_8);
        call.stdin(data, 0, data.length);
        call.endInput();
        assertThat(reader.closed).succeedsWithin(Duration.ofSeconds(20));
        assertThat(reader.read.toByteArray()).isEqualTo(data);
        assertThat(reader.stalls).hasValue(0);
    }

    /** A main process that reads only as much as it is allowed to. */
    private static final class GatedReader implements ProcessSession {
        final Semaphore gate = new Semaphore(0);
        final ByteArrayOutputStream read = new ByteArrayOutputStream();
        final AtomicInteger stalls = new AtomicInteger();
        final CompletableFuture<Void> closed = new CompletableFuture<>();

        @Override
        public void writeInput(byte[] bytes, int offset, int length) {
            if (stalls.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new UncheckedIOException(new IOException("the process took no input"));
            }
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
}
