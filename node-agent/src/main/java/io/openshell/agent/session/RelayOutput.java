package io.openshell.agent.session;

import com.google.protobuf.ByteString;
import io.openshell.agent.runtime.OutputListener;
import io.openshell.wire.control.v1.AgentFrame;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A process's output on its way to the gateway. Blocks the process's output thread while the gateway takes nothing. */
final class RelayOutput implements OutputListener {

    /** The gateway's reader holds up to 16 frames beyond the window. */
    private static final int LARGEST_PIECE = 32_768;

    private final Lane lane;
    private final RelayStream stream;
    private final SendWindow window;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    RelayOutput(Lane lane, RelayStream stream, SendWindow window) {
        this.lane = lane;
        this.stream = stream;
        this.window = window;
    }

    /** Completes when no more output follows. */
    CompletionStage<Void> ended() {
        return ended;
    }

    @Override
    public void onOutput(Stream source, byte[] data) {
        for (int at = 0; at < data.length; at += LARGEST_PIECE) {
            int length = Math.min(data.length - at, LARGEST_PIECE);
            if (!window.take(length)) {
                return;
            }
            AgentFrame frame = frame(source, ByteString.copyFrom(data, at, length));
            lane.on(() -> stream.send(frame).onComplete(taken -> window.give(length)));
        }
    }

    @Override
    public void onEnd() {
        ended.complete(null);
    }

    private static AgentFrame frame(Stream source, ByteString piece) {
        AgentFrame.Builder frame = AgentFrame.newBuilder();
        return switch (source) {
            case STDOUT -> frame.setStdout(piece).build();
            case STDERR -> frame.setStderr(piece).build();
        };
    }
}
