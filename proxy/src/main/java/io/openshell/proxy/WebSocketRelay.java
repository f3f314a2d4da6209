package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.openshell.model.egress.HttpRequest;
import io.openshell.model.egress.ReasonCode;
import io.openshell.model.egress.RequestVerdict;
import io.openshell.proxy.credential.FilledBody;
import io.openshell.proxy.websocket.ClientFrames;
import io.openshell.proxy.websocket.ClientText;
import io.openshell.proxy.websocket.CloseCode;
import io.openshell.proxy.websocket.FrameBoundary;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Relays a WebSocket: every text message of the client is decided before a byte of it is passed on, what the server sends and
 * binary messages pass unread. Nothing is held longer than it takes to find the next frame. On the one event loop of both
 * connections.
 */
final class WebSocketRelay {
    private final ProxyScene scene;
    private final ForwardRelay.Ends ends;
    private final TunnelContext context;
    private final RequestGate.Outcome.Pass upgrade;
    private final IdleWatch idle;
    private final ClientFrames frames;
    /** Whether a text must be whole to be decided about. */
    private final boolean reading;
    private final boolean judges;
    private final Optional<MessageCredentials> credentials;
    private final FrameBoundary answers = new FrameBoundary();
    private final FromClient fromClient = new FromClient();
    private final FromServer fromServer = new FromServer();
    private ByteBuf gathered = Unpooled.EMPTY_BUFFER;
    private @Nullable HeldText held;
    private boolean over;

    WebSocketRelay(ProxyScene scene, ForwardRelay.Ends ends, TunnelContext context, RequestGate.Outcome.Pass upgrade, IdleWatch idle) {
        this.scene = scene;
        this.ends = ends;
        this.context = context;
        this.upgrade = upgrade;
        this.idle = idle;
        var needed = context.grant().passage().requests().messageNeeded(upgrade.request().path());
        this.reading = needed.isPresent();
        this.judges = context.grant().passage().requests().judgesMessages(upgrade.request().path());
        this.credentials = MessageCredentials.of(scene, context, upgrade);
        this.frames = new ClientFrames(reading || credentials.isPresent(), needed.orElse(Long.MAX_VALUE));
    }

    /** Starts relaying. Takes over both buffers: what either side sent after the handshake. */
    void join(ByteBuf sent, ByteBuf answered) {
        ends.client().pipeline().addLast(fromClient);
        ends.upstream().pipeline().addLast(fromServer);
        scene.tunnels().farewell(ends.client(), () -> end(CloseCode.RELOAD));
        back(answered);
        ends.client().flush();
        go(sent);
        pump();
    }

    private void pump() {
        if (!over) {
            ends.client().config().setAutoRead(ends.upstream().isWritable());
            ends.upstream().config().setAutoRead(ends.client().isWritable());
        }
    }

    private void back(ByteBuf bytes) {
        if (over) {
            bytes.release();
            return;
        }
        answers.follow(bytes);
        ends.client().write(bytes, ends.client().voidPromise());
    }

    /** Takes over bytes of the client and passes on what may go. */
    private void go(ByteBuf bytes) {
        if (over) {
            bytes.release();
            return;
        }
        gathered = gathered.isReadable() ? Unpooled.wrappedBuffer(gathered, bytes) : replaced(bytes);
        while (!over && (gathered.isReadable() || frames.hasTextEnded())) {
            switch (frames.next(gathered)) {
                case ClientFrames.Step.More more -> {
                    // A head in parts is at most a few bytes; a copy lets go of the large buffer they came in.
                    gathered = copied(gathered);
                    ends.upstream().flush();
                    return;
                }
                case ClientFrames.Step.TextBegins text -> begun();
                case ClientFrames.Step.TextEnds text -> frames.takeText().ifPresent(this::whole);
                case ClientFrames.Step.Bytes part -> passed(gathered.readRetainedSlice(part.length()));
                case ClientFrames.Step.Violation violation -> violated(violation);
            }
        }
        ends.upstream().flush();
    }

    /** Passes bytes on; where credentials may be used, a text message goes when it is whole. */
    private void passed(ByteBuf bytes) {
        if (held != null && credentials.isEmpty()) {
            if (!held.add(bytes)) {
                violated(new ClientFrames.Step.Violation(CloseCode.TOO_BIG, "more between the parts of a text than can be held"));
            }
        } else if (credentials.isEmpty() || !frames.isTextual() && !frames.isBinary()) {
            ends.upstream().write(bytes, ends.upstream().voidPromise());
        } else if (frames.isBinary() && credentials.get().passesBinary()) {
            ends.upstream().write(bytes, ends.upstream().voidPromise());
        } else if (frames.isBinary()) {
            bytes.release();
            stopped(Refusal.noCredential(context, "a binary message where credentials may be used"));
        } else {
            bytes.release(); // they are put together
            if (held != null) {
                held.touch();
            }
        }
    }

    private void filled(byte[] message) {
        switch (credentials.orElseThrow().fill(message)) {
            case FilledBody.Ready ready ->
                ends.upstream().write(ClientText.frame(ready.bytes()), ends.upstream().voidPromise());
            case FilledBody.Misdirected no -> stopped(Refusal.misdirectedCredential(context));
            case FilledBody.Unavailable no -> stopped(Refusal.noCredential(context, no.why()));
        }
    }

    private void stopped(Refusal refusal) {
        recorded(refusal.finding());
        end(CloseCode.POLICY);
    }

    private ByteBuf replaced(ByteBuf bytes) {
        gathered.release();
        return bytes;
    }

    private static ByteBuf copied(ByteBuf bytes) {
        var copy = Unpooled.copiedBuffer(bytes);
        bytes.release();
        return copy;
    }

    private void begun() {
        if (reading) {
            hold();
        } else if (judges) {
            decided(context.grant().passage().requests().judge(upgrade.request().message()));
        }
    }

    /** From here on nothing of the text goes on until it is whole and decided about. */
    private void hold() {
        var begun = HeldText.begin(scene, ends.client(), this::violated);
        if (begun.isEmpty()) {
            violated(new ClientFrames.Step.Violation(CloseCode.TRY_LATER, "too many texts are being gathered"));
            return;
        }
        held = begun.get();
    }

    /** A text that was put together: decided about where that takes all of it, then sent on, with credentials where they may be. */
    private void whole(byte[] message) {
        var holding = held;
        if (holding != null) {
            decided(context.grant().passage().requests().judgeMessage(upgrade.request().message(), message));
        }
        if (over) {
            return;
        }
        held = null;
        if (credentials.isPresent()) {
            filled(message);
        } else if (holding != null) {
            ends.upstream().write(holding.release(), ends.upstream().voidPromise());
        }
        if (holding != null) {
            holding.drop();
        }
    }

    private void decided(RequestVerdict verdict) {
        var finding = Finding.of(verdict).by(Finding.WEBSOCKET);
        boolean recorded = recorded(finding);
        switch (verdict) {
            case RequestVerdict.Denied denied -> end(CloseCode.POLICY);
            case RequestVerdict.Allowed allowed -> stopUnless(recorded);
            case RequestVerdict.Audited audited -> stopUnless(recorded);
        }
    }

    private void stopUnless(boolean recorded) {
        if (!recorded) {
            end(CloseCode.POLICY);
        }
    }

    private void violated(ClientFrames.Step.Violation violation) {
        recorded(Finding.denied(context.grant().policyKey(), Finding.WEBSOCKET, ReasonCode.MESSAGE_UNACCEPTABLE, violation.what()));
        end(violation.code());
    }

    private boolean recorded(Finding finding) {
        var ask = context.ask(HttpRequest.WEBSOCKET_TEXT, upgrade.request().path(), upgrade.request().query());
        return scene.recorded(new VerdictEntry(finding, Optional.of(ask), Optional.of(context.grant().by()),
                UUID.randomUUID().toString()), context.grant().pinned().generation());
    }

    /** Ends the WebSocket with a code where a frame of ours can stand, and the connections in any case. */
    private void end(CloseCode code) {
        if (over) {
            return;
        }
        over = true;
        ends.client().config().setAutoRead(false);
        if (held != null || frames.isBetweenFrames() || code == CloseCode.POLICY) {
            ends.upstream().write(code.fromClient(), ends.upstream().voidPromise());
        }
        var last = answers.isBetweenFrames() ? code.fromServer() : Unpooled.EMPTY_BUFFER;
        LingeringClose.after(ends.client(), ends.client().writeAndFlush(last));
        ends.upstream().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> ends.upstream().close());
    }

    private void leave(SocketChannel other) {
        over = true;
        other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> ends.close());
    }

    /** The client's frames. */
    private final class FromClient extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext handler, Object message) {
            idle.touch();
            go((ByteBuf) message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext handler) {
            pump();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext handler) {
            pump();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext handler, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE && !over) {
                leave(ends.upstream());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext handler) {
            leave(ends.upstream());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
            ends.close();
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext handler) {
            gathered.release();
            gathered = Unpooled.EMPTY_BUFFER;
            if (held != null) {
                held.drop();
                held = null;
            }
        }
    }

    /** The server's frames. */
    private final class FromServer extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext handler, Object message) {
            idle.touch();
            back((ByteBuf) message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext handler) {
            ends.client().flush();
            pump();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext handler) {
            pump();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext handler, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE && !over) {
                leave(ends.client());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext handler) {
            if (!over) {
                leave(ends.client());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
            ends.close();
        }
    }
}
