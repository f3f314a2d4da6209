package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Passes bytes of a tunnel on in one direction: reads no faster than the other end takes them, and passes the end of a
 * direction on as the end of that direction only. Both directions share one event loop.
 */
final class TunnelRelay extends ChannelInboundHandlerAdapter {
    private final SocketChannel from;
    private final SocketChannel to;
    private final IdleWatch idle;
    private boolean ended;

    private TunnelRelay(SocketChannel from, SocketChannel to, IdleWatch idle) {
        this.from = from;
        this.to = to;
        this.idle = idle;
    }

    /**
     * Sends on what has already arrived and lets both directions flow. Takes over {@code early}.
     *
     * @param early what the client sent so far
     */
    static void join(ForwardRelay.Ends ends, ByteBuf early, IdleWatch idle) {
        var outbound = new TunnelRelay(ends.client(), ends.upstream(), idle);
        var inbound = new TunnelRelay(ends.upstream(), ends.client(), idle);
        ends.client().pipeline().addLast(outbound);
        ends.upstream().pipeline().addLast(inbound);
        ends.upstream().writeAndFlush(early);
        outbound.begin();
        inbound.begin();
        HoldBack.release(ends.upstream());
    }

    private void begin() {
        if (from.isInputShutdown()) {
            end();
        }
        from.config().setAutoRead(to.isWritable());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        idle.touch();
        to.write(message, to.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        to.flush();
        if (!to.isWritable()) {
            from.config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        idle.touch();
        to.config().setAutoRead(from.isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            end();
        }
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        idle.halfOpen();
        if (to.pipeline().get(SslHandler.class) == null) {
            // Nothing is left to keep open once the other direction ends as well; TLS says for itself how it ended.
            to.config().setAllowHalfClosure(false);
        }
        to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess() && to.isActive()) {
                EndOfOutput.send(to).addListener(done -> closeWhenBothEnded());
            } else {
                closeBoth();
            }
        });
    }

    private void closeWhenBothEnded() {
        if (from.isOutputShutdown() && to.isOutputShutdown()) {
            closeBoth();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closeAfterFlush(to);
    }

    private static void closeAfterFlush(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        closeBoth();
    }

    private void closeBoth() {
        from.close();
        to.close();
    }
}
