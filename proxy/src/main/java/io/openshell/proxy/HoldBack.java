package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Keeps what a connection delivers until somebody is there to take it. Its peer is not read from meanwhile, so it holds what
 * came with the last bytes of a handshake and no more.
 */
final class HoldBack extends ChannelInboundHandlerAdapter {
    private ByteBuf kept = Unpooled.EMPTY_BUFFER;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        kept = Unpooled.wrappedBuffer(kept, (ByteBuf) message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        context.close();
    }

    /** Failures are told by the handshake that is waited for. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    /** Hands over what was kept; the caller releases it. */
    ByteBuf take() {
        var taken = kept;
        kept = Unpooled.EMPTY_BUFFER;
        return taken;
    }

    /** Lets what was kept go to the handlers added since. Nothing happens on a connection that holds nothing back. */
    static void release(Channel channel) {
        if (channel.pipeline().get(HoldBack.class) != null) {
            channel.pipeline().remove(HoldBack.class);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        var left = take();
        if (left.isReadable()) {
            context.fireChannelRead(left);
            context.fireChannelReadComplete();
        } else {
            left.release();
        }
    }
}
