package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.openshell.proxy.http.BodyFraming;
import io.openshell.proxy.http.BodyReader;
import io.openshell.proxy.http.HeadParser;
import io.openshell.proxy.http.HeadScanner;
import io.openshell.proxy.http.Hop;
import io.openshell.proxy.http.MalformedHttpException;
import io.openshell.proxy.http.ResponseHead;
import io.openshell.proxy.websocket.Handshake;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings the responses of an {@link HttpTunnel} back, each by its own framing. Bytes nobody asked for end the tunnel. */
final class TunnelResponses extends ChannelInboundHandlerAdapter {
    private static final int HEAD_LIMIT = 64 * 1024;
    private static final int MOST_INTERIM = 16;

    private final HttpTunnel tunnel;
    private HeadScanner scanner = new HeadScanner(HEAD_LIMIT);
    private ByteBuf gathered = Unpooled.EMPTY_BUFFER;
    private RequestGate.Outcome.@Nullable Pass pending;
    private @Nullable BodyReader body;
    private @Nullable AnswerWatch watch;
    private int interim;
    private boolean answered;

    TunnelResponses(HttpTunnel tunnel) {
        this.tunnel = tunnel;
    }

    /** A request is on its way whose response may come now. */
    void expect(RequestGate.Outcome.Pass request) {
        pending = request;
        watch = request.answer().map(limits -> AnswerWatch.over(limits, tunnel.ends().client().eventLoop(), this::late)).orElse(null);
        interim = 0;
        scanner = new HeadScanner(HEAD_LIMIT);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        tunnel.idle().touch();
        var bytes = (ByteBuf) message;
        try {
            while (bytes.isReadable() && !answered && !tunnel.isOver()) {
                take(bytes);
            }
            if (answered) {
                turn(bytes.isReadable() || gathered.isReadable());
            }
        } catch (MalformedHttpException malformed) {
            giveUp();
        } finally {
            bytes.release();
        }
    }

    /** The next request is looked at only now: bytes that came with the end of this response must not become its response. */
    private void turn(boolean unasked) {
        answered = false;
        if (unasked) {
            tunnel.finish();
        } else {
            tunnel.answered();
        }
    }

    private void take(ByteBuf bytes) throws MalformedHttpException {
        var reader = body;
        if (reader != null) {
            body(reader, bytes);
        } else if (pending == null) {
            throw new MalformedHttpException("a response that was not asked for");
        } else {
            gather(bytes);
        }
    }

    private void body(BodyReader reader, ByteBuf bytes) throws MalformedHttpException {
        ByteBuf part = reader.take(bytes);
        if (watch != null && !watch.takes(part.readableBytes())) {
            part.release();
            truncated();
            return;
        }
        tunnel.toClient(part);
        if (reader.isDone()) {
            ended();
        }
    }

    private void ended() {
        unwatch();
        body = null;
        pending = null;
        answered = true;
    }

    private void gather(ByteBuf bytes) throws MalformedHttpException {
        if (!gathered.isReadable()) {
            gathered.release();
            gathered = tunnel.ends().upstream().alloc().buffer(bytes.readableBytes());
        }
        gathered.writeBytes(bytes);
        while (pending != null && body == null && gathered.isReadable()) {
            switch (scanner.scan(gathered)) {
                case MORE -> {
                    return;
                }
                case TOO_LONG, MALFORMED -> throw new MalformedHttpException("the response head cannot be read");
                case END -> headed(pending);
            }
        }
        var reader = body;
        if (reader != null && gathered.isReadable()) {
            body(reader, gathered);
        }
    }

    private void headed(RequestGate.Outcome.Pass request) throws MalformedHttpException {
        var bytes = new byte[scanner.length()];
        gathered.readBytes(bytes);
        scanner = new HeadScanner(HEAD_LIMIT);
        ResponseHead head = HeadParser.response(bytes, request.head().method());
        if (head.status() == 101) {
            upgraded(request, head);
        } else if (head.isInterim()) {
            if (++interim > MOST_INTERIM) {
                throw new MalformedHttpException("too many interim responses");
            }
            send(Hop.response(head, Hop.After.KEEP));
        } else {
            if (watch != null && head.framing() instanceof BodyFraming.Length length && !watch.fits(length.bytes())) {
                unwatch();
                tunnel.answer(AnswerWatch.tooLong(), "");
                return;
            }
            if (watch != null) {
                watch.headed(head.only("Content-Type"), head.only("Content-Encoding").isPresent());
            }
            send(Hop.response(head, tunnel.afterwards(head)));
            var reader = new BodyReader(head.framing());
            body = reader;
            if (reader.isDone()) {
                ended();
            }
        }
    }

    private void upgraded(RequestGate.Outcome.Pass request, ResponseHead head) throws MalformedHttpException {
        switch (request.after()) {
            case CLOSE, KEEP -> throw new MalformedHttpException("an upgrade that was not asked for");
            case WEBSOCKET, PLAIN_WEBSOCKET -> {
                if (request.after() == Hop.After.PLAIN_WEBSOCKET && !Handshake.agrees(request.head(), head)) {
                    throw new MalformedHttpException("an upgrade other than the one that was asked for");
                }
                var early = gathered;
                gathered = Unpooled.EMPTY_BUFFER;
                pending = null;
                tunnel.upgraded(request, Hop.response(head, request.after()), early);
            }
        }
    }

    private void send(byte[] head) {
        tunnel.toClient(Unpooled.wrappedBuffer(head));
    }

    private void unwatch() {
        if (watch != null) {
            watch.stop();
            watch = null;
        }
    }

    /** The answer did not come within its time. */
    private void late() {
        var by = watch;
        if (tunnel.isOver() || by == null) {
            return;
        }
        if (body == null) {
            unwatch();
            tunnel.answer(by.late(), "");
        } else {
            truncated();
        }
    }

    /** An answer ends before its end. A stream of events says so where its framing lets it; otherwise the cut connection does. */
    private void truncated() {
        boolean events = watch != null && watch.isEvents();
        var framed = events && body != null ? body.lastWords(AnswerWatch.lastEvent()) : Optional.<byte[]>empty();
        unwatch();
        if (framed.isEmpty()) {
            tunnel.cut();
            return;
        }
        send(framed.get());
        tunnel.finish();
    }

    /** While the client has heard nothing it is told; otherwise only cutting the connection shows that something is missing. */
    private void giveUp() {
        if (tunnel.isOver()) {
            return;
        }
        if (pending != null && body == null) {
            tunnel.answer(new Reply.Json(502, "upstream_unreachable", "the upstream did not answer properly",
                    Optional.empty()), "");
        } else {
            truncated();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        tunnel.flush();
        tunnel.pump();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        tunnel.idle().touch();
        tunnel.pump();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            gone();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone();
    }

    private void gone() {
        var reader = body;
        if (tunnel.isOver()) {
            return;
        }
        if (pending == null || reader != null && reader.mayEndNow()) {
            tunnel.finish();
        } else {
            giveUp();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        giveUp();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        unwatch();
        gathered.release();
        gathered = Unpooled.EMPTY_BUFFER;
    }
}
