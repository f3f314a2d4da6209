package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.openshell.proxy.websocket.ClientFrames;
import io.openshell.proxy.websocket.CloseCode;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The frames of a text message that is still to be decided about, with whatever control frames came between them. Bounded in
 * bytes, in time, and in number over all connections of a sandbox. On the client's event loop.
 */
final class HeldText {
    /** Texts that are gathered at a time. */
    static final int MOST = 32;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long TOTAL_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final long LOOK_SECONDS = 10;
    /** A message of the largest size, in the smallest frames, and then some. */
    private static final int MOST_BYTES = 8 << 20;

    private final ProxyScene scene;
    private final SocketChannel client;
    private final Consumer<ClientFrames.Step.Violation> tooLate;
    private final ByteBuf frames = Unpooled.buffer(512);
    private final long begun = System.nanoTime();
    private long touched = begun;
    private Future<?> timer;
    private boolean over;

    private HeldText(ProxyScene scene, SocketChannel client, Consumer<ClientFrames.Step.Violation> tooLate) {
        this.scene = scene;
        this.client = client;
        this.tooLate = tooLate;
        this.timer = later();
    }

    /** Begins, unless too many are being gathered already. */
    static Optional<HeldText> begin(ProxyScene scene, SocketChannel client, Consumer<ClientFrames.Step.Violation> tooLate) {
        if (scene.texts().incrementAndGet() > MOST) {
            scene.texts().decrementAndGet();
            return Optional.empty();
        }
        return Optional.of(new HeldText(scene, client, tooLate));
    }

    private Future<?> later() {
        return client.eventLoop().schedule(this::look, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        long now = System.nanoTime();
        if (over) {
            return;
        }
        if (now - touched > IDLE_NANOS || now - begun > TOTAL_NANOS) {
            tooLate.accept(new ClientFrames.Step.Violation(CloseCode.POLICY, "the parts of a text did not come in time"));
        } else {
            timer = later();
        }
    }

    /** Takes over more frames; false when it is too much. */
    boolean add(ByteBuf part) {
        touch();
        try {
            frames.writeBytes(part);
        } finally {
            part.release();
        }
        return frames.readableBytes() <= MOST_BYTES;
    }

    /** A part came that somebody else puts together. */
    void touch() {
        touched = System.nanoTime();
    }

    /** Ends it and hands over its frames. */
    ByteBuf release() {
        end();
        return frames;
    }

    /** Ends it and throws its frames away. */
    void drop() {
        if (end()) {
            frames.release();
        }
    }

    private boolean end() {
        if (over) {
            return false;
        }
        over = true;
        timer.cancel(false);
        scene.texts().decrementAndGet();
        return true;
    }
}
