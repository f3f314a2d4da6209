package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.openshell.proxy.http.BodyReader;
import io.openshell.proxy.http.HeadParser;
import io.openshell.proxy.http.HeadScanner;
import io.openshell.proxy.http.Hop;
import io.openshell.proxy.http.MalformedHttpException;
import io.openshell.proxy.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/** Brings one forwarded request's response back, by its own framing, and then ends both connections. */
final class ForwardAnswer extends ChannelInboundHandlerAdapter {
    private static final int HEAD_LIMIT = 64 * 1024;
    private static final int MOST_INTERIM = 16;

    private final ForwardRelay.Ends ends;
    private final String method;
    private final IdleWatch idle;
    private HeadScanner scanner = new HeadScanner(HEAD_LIMIT);
    private ByteBuf gathered = Unpooled.EMPTY_BUFFER;
    private @Nullable BodyReader body;
    private int interim;
    private boolean started;
    private boolean finished;

    ForwardAnswer(ForwardRelay.Ends ends, String method, IdleWatch idle) {
        this.ends = ends;
        this.method = method;
        this.idle = idle;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        idle.touch();
        var bytes = (ByteBuf) message;
        try {
            if (finished) {
                return;
            }
            if (body == null) {
                gather(bytes);
            } else {
                pass(bytes);
            }
        } catch (MalformedHttpException malformed) {
            giveUp(502);
        } finally {
            bytes.release();
        }
    }

    private void gather(ByteBuf bytes) throws MalformedHttpException {
        if (!gathered.isReadable()) {
            gathered.release();
            gathered = ends.upstream().alloc().buffer(bytes.readableBytes());
        }
        gathered.writeBytes(bytes);
        while (body == null && gathered.isReadable()) {
            switch (scanner.scan(gathered)) {
                case MORE -> {
                    return;
                }
                case TOO_LONG, MALFORMED -> throw new MalformedHttpException("the response head cannot be read");
                case END -> headed();
            }
        }
        if (body != null) {
            pass(gathered);
        }
    }

    private void headed() throws MalformedHttpException {
        var bytes = new byte[scanner.length()];
        gathered.readBytes(bytes);
        scanner = new HeadScanner(HEAD_LIMIT);
        ResponseHead head = HeadParser.response(bytes, method);
        if (head.status() == 101 || head.isInterim() && ++interim > MOST_INTERIM) {
            throw new MalformedHttpException("a response that was not asked for");
        }
        started |= !head.isInterim();
        ends.client().writeAndFlush(Unpooled.wrappedBuffer(Hop.response(head, Hop.After.CLOSE)));
        if (!head.isInterim()) {
            body = new BodyReader(head.framing());
        }
    }

    private void pass(ByteBuf bytes) throws MalformedHttpException {
        var reader = body;
        if (reader == null) {
            throw new IllegalStateException("there is no body yet");
        }
        ends.client().write(reader.take(bytes), ends.client().voidPromise());
        if (reader.isDone()) {
            finish();
        }
    }

    private void finish() {
        finished = true;
        LingeringClose.after(ends.client(), ends.client().writeAndFlush(Unpooled.EMPTY_BUFFER));
        ends.upstream().close();
    }

    /** Ends the exchange early: with a status while the client has seen none, by cutting the connection otherwise. */
    void giveUp(int status) {
        if (finished) {
            return;
        }
        if (started) {
            finished = true;
            ends.close();
        } else {
            finished = true;
            var reply = ReplyWriter.write(new Reply.Bare(status), "", false).orElseThrow();
            LingeringClose.after(ends.client(), ends.client().writeAndFlush(reply));
            ends.upstream().close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        ends.client().flush();
        if (!ends.client().isWritable()) {
            ends.upstream().config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        idle.touch();
        ends.client().pipeline().get(ForwardRelay.class).upstreamWritable(ends.upstream().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            ended();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended();
    }

    private void ended() {
        if (finished) {
            return;
        }
        if (body != null && body.mayEndNow()) {
            finish();
        } else {
            giveUp(502);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        giveUp(502);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        gathered.release();
        gathered = Unpooled.EMPTY_BUFFER;
    }
}
