package io.openshell.proxy;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Closes a client connection so that the client still gets the last answer: a socket closed with unread bytes is reset, and a
 * reset can overtake the answer. Sending is ended first, then arriving bytes are thrown away for at most a second.
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {
    private static final long MILLIS = 1_000;

    private LingeringClose() {}

    /** Closes once the last write is through. On the client's event loop. */
    static void after(SocketChannel client, ChannelFuture lastWrite) {
        client.pipeline().addFirst(new LingeringClose());
        lastWrite.addListener(written -> {
            if (!written.isSuccess() || client.isInputShutdown()) {
                client.close();
                return;
            }
            EndOfOutput.send(client);
            client.config().setAutoRead(true);
            var timer = client.eventLoop().schedule(() -> client.close(), MILLIS, TimeUnit.MILLISECONDS);
            client.closeFuture().addListener(closed -> timer.cancel(false));
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
