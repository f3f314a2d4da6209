package io.openshell.cli.command.sandbox;

import com.google.protobuf.ByteString;
import io.openshell.cli.client.LiveSession;
import io.openshell.cli.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** Sends what is typed or piped, and changes of the window, until the session is over. */
final class LiveInput<Q> {
    private static final int PIECE_BYTES = 16 * 1024;

    private final LiveSession<Q, ?> session;
    private final Wire<Q> wire;

    LiveInput(LiveSession<Q, ?> session, Wire<Q> wire) {
        this.session = session;
        this.wire = wire;
    }

    /** Starts to send; each piece waits for the one before, so a slow program slows the input down. */
    void pump(InputStream in) {
        Thread.ofPlatform().daemon().name("input").start(() -> send(in));
    }

    private void send(InputStream in) {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                if (!session.send(wire.bytes().apply(ByteString.copyFrom(piece, 0, count)))) {
                    return;
                }
            }
        } catch (IOException e) {
            // The input is gone, which the program sees as its end.
        }
        if (wire.end() != null) {
            session.send(wire.end());
        }
    }

    /** Tells the program when the window changes. */
    void followSize(Terminal terminal) {
        Signal.handle(new Signal("WINCH"), signal -> session.send(wire.resize().apply(terminal.size())));
    }

    /**
     * How input is put into messages.
     *
     * @param end what says that there is no more, or null when the protocol has no word for it
     */
    record Wire<Q>(Function<ByteString, Q> bytes, Function<Terminal.Size, Q> resize, @Nullable Q end) {}
}
