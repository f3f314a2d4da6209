package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.openshell.proxy.credential.MarkerScan;
import io.openshell.proxy.http.BodyCollector;
import io.openshell.proxy.http.BodyFraming;
import io.openshell.proxy.http.BodyReader;
import io.openshell.proxy.http.RequestHead;
import io.openshell.proxy.http.HeadParser;
import io.openshell.proxy.http.HeadScanner;
import io.openshell.proxy.http.MalformedHttpException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the requests of an {@link HttpTunnel}: heads are decided about, bodies sent on to their end and not a byte further. */
final class TunnelRequests extends ChannelInboundHandlerAdapter {
    private static final int HEAD_LIMIT = 16 * 1024;

    private final HttpTunnel tunnel;
    private HeadScanner scanner = new HeadScanner(HEAD_LIMIT);
    private ByteBuf gathered = Unpooled.EMPTY_BUFFER;
    private @Nullable BodyReader body;
    private RequestGate.Outcome.@Nullable Collect collecting;
    private @Nullable BodyCollector collector;
    private @Nullable MarkerScan watch;
    private @Nullable MarkerScan watchFraming;

    TunnelRequests(HttpTunnel tunnel) {
        this.tunnel = tunnel;
    }

    /** Whether the request that is being answered has been sent on completely. */
    boolean isComplete() {
        var current = body;
        return current == null || current.isDone();
    }

    /** Whether the client has already sent more than the current request. */
    boolean holdsMore() {
        return gathered.isReadable();
    }

    /** Turns to the next request, part of which may be here already. */
    void next() {
        body = null;
        scanner = new HeadScanner(HEAD_LIMIT);
        progress();
        if (tunnel.awaitsHead() && tunnel.ends().client().isInputShutdown()) {
            tunnel.finish();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        tunnel.idle().touch();
        arrived((ByteBuf) message);
    }

    /** Takes over bytes of the client. */
    void arrived(ByteBuf bytes) {
        if (tunnel.isOver()) {
            bytes.release();
            return;
        }
        if (gathered.isReadable()) {
            try {
                gathered = grown(gathered, bytes.readableBytes());
                gathered.writeBytes(bytes);
            } finally {
                bytes.release();
            }
        } else {
            gathered.release();
            gathered = bytes;
        }
        progress();
    }

    private ByteBuf grown(ByteBuf old, int more) {
        if (!old.isReadOnly() && old.refCnt() == 1 && old.isWritable(more)) {
            return old;
        }
        var wider = tunnel.ends().client().alloc().buffer(old.readableBytes() + more);
        wider.writeBytes(old);
        old.release();
        return wider;
    }

    private void progress() {
        try {
            if (tunnel.awaitsHead() && collecting == null && gathered.isReadable()) {
                head();
            }
            collect();
            var current = body;
            if (current != null && !current.isDone() && gathered.isReadable() && !tunnel.isOver()) {
                pass(current.take(gathered));
            }
        } catch (MalformedHttpException malformed) {
            broken(String.valueOf(malformed.getMessage()));
        }
        tunnel.flush();
    }

    /** Where there are credentials, a placeholder in a body is either replaced or stops the request; this body is not read for the first. */
    private BodyReader reader(RequestHead head) {
        if (!tunnel.watchesBodies()) {
            watch = null;
            return new BodyReader(head.framing());
        }
        var scan = new MarkerScan();
        watch = scan;
        // Trailers and the lines between chunks, too: the content alone is joined over chunks.
        watchFraming = new MarkerScan();
        return new BodyReader(head.framing(), scan::sees);
    }

    private void pass(ByteBuf part) {
        var scan = watch;
        var framing = watchFraming;
        if (scan != null && framing != null && (scan.isFound() || framing.sees(part))) {
            part.release();
            tunnel.marked();
        } else {
            tunnel.toUpstream(part);
        }
    }

    /** Before its head is through, a broken request is answered; afterwards the upstream has seen a part of it already. */
    private void broken(String why) {
        if (tunnel.awaitsHead()) {
            tunnel.malformed(why);
        } else {
            tunnel.cut();
        }
    }

    private void head() throws MalformedHttpException {
        switch (scanner.scan(gathered)) {
            case MORE -> { }
            case TOO_LONG -> tunnel.malformed("the head is too long");
            case MALFORMED -> tunnel.malformed("a byte or line end no head can hold");
            case END -> {
                var bytes = new byte[scanner.length()];
                gathered.readBytes(bytes);
                var head = HeadParser.request(bytes);
                var outcome = tunnel.judged(head, Optional.empty());
                if (outcome instanceof RequestGate.Outcome.Collect collect) {
                    begin(collect);
                } else {
                    // Set first: deciding looks at whether there is a body to come.
                    body = reader(head);
                    tunnel.decide(outcome);
                }
            }
        }
    }

    private void begin(RequestGate.Outcome.Collect collect) {
        collecting = collect;
        collector = new BodyCollector(collect.head().framing(), collect.need().limit());
        if (collect.head().hasMember("Expect", "100-continue")) {
            tunnel.toClient(Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII));
        }
    }

    /** Goes on with a body that is needed for the decision, and decides once it is whole. */
    private void collect() throws MalformedHttpException {
        var current = collecting;
        var into = collector;
        if (current == null || into == null || tunnel.isOver()) {
            return;
        }
        into.take(gathered);
        if (into.isTooLarge()) {
            tunnel.decide(RequestGate.oversized(tunnel.context(), current));
        } else if (into.isDone()) {
            collecting = null;
            collector = null;
            var bytes = into.body();
            body = new BodyReader(new BodyFraming.None());
            var outcome = tunnel.judged(current.head(), Optional.of(bytes));
            if (tunnel.decide(outcome) && outcome instanceof RequestGate.Outcome.Pass pass) {
                tunnel.toUpstream(Unpooled.wrappedBuffer(pass.body().orElse(bytes)));
            }
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
        if (event != ChannelInputShutdownEvent.INSTANCE) {
            return;
        }
        if (tunnel.awaitsHead()) {
            tunnel.finish();
        } else if (!isComplete()) {
            tunnel.cut();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        tunnel.cut();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        tunnel.cut();
    }

    /** Hands over what came after the current request; the caller releases it. */
    ByteBuf takeGathered() {
        var taken = gathered;
        gathered = Unpooled.EMPTY_BUFFER;
        return taken;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        takeGathered().release();
    }
}
