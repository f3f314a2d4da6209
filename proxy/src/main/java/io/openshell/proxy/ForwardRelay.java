package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.openshell.proxy.http.BodyReader;
import io.openshell.proxy.http.Hop;
import io.openshell.proxy.http.HttpUrl;
import io.openshell.proxy.http.MalformedHttpException;
import io.openshell.proxy.http.RequestHead;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one forwarded request's body to the upstream, to its end and not a byte further, while {@link ForwardAnswer} brings
 * the response back. On the one event loop both connections share.
 */
final class ForwardRelay extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardRelay.class);

    private final Ends ends;
    private final BodyReader body;
    private final IdleWatch idle;
    private final ForwardAnswer answer;

    /** The two connections of one forwarded request. */
    record Ends(SocketChannel client, SocketChannel upstream) {
        /**
         * Runs what a timer or a finished operation asks for. Nobody would hear of a fault there, and its connections would wait
         * for nothing: it ends these two and no others.
         */
        void guarded(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException | Error fault) {
                LOG.error("A connection of a proxy ends after a fault", fault);
                close();
            }
        }

        void close() {
            client.close();
            upstream.close();
        }
    }

    private ForwardRelay(Ends ends, BodyReader body, IdleWatch idle, ForwardAnswer answer) {
        this.ends = ends;
        this.body = body;
        this.idle = idle;
        this.answer = answer;
    }

    /** Sends the request on and starts both directions. Takes over {@code early}. */
    static void join(Ends ends, RequestHead head, HttpUrl url, ByteBuf early, Duration idleLimit) {
        var idle = IdleWatch.over(ends.client(), ends.upstream(), idleLimit);
        var answer = new ForwardAnswer(ends, head.method(), idle);
        var relay = new ForwardRelay(ends, new BodyReader(head.framing()), idle, answer);
        ends.client().pipeline().addLast(relay);
        ends.upstream().pipeline().addLast(answer);
        ends.upstream().write(Unpooled.wrappedBuffer(Hop.request(head, url)));
        relay.pass(early);
        ends.upstream().flush();
        boolean cutShort = !relay.body.isDone() && ends.client().isInputShutdown();
        if (cutShort) {
            ends.close();
            return;
        }
        ends.upstream().config().setAutoRead(true);
        ends.client().config().setAutoRead(!relay.body.isDone() && ends.upstream().isWritable());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        idle.touch();
        pass((ByteBuf) message);
    }

    /** Passes on what belongs to the body. Whatever follows it, a second request for one, is thrown away. */
    private void pass(ByteBuf bytes) {
        try {
            var part = body.take(bytes);
            ends.upstream().write(part, ends.upstream().voidPromise());
        } catch (MalformedHttpException malformed) {
            answer.giveUp(400);
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        ends.upstream().flush();
        if (body.isDone() || !ends.upstream().isWritable()) {
            ends.client().config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        idle.touch();
        ends.upstream().config().setAutoRead(ends.client().isWritable());
    }

    void upstreamWritable(boolean writable) {
        ends.client().config().setAutoRead(writable && !body.isDone());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // A client may end its side once the request is complete; before that the request is broken.
        if (event == ChannelInputShutdownEvent.INSTANCE && !body.isDone()) {
            ends.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ends.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ends.close();
    }
}
