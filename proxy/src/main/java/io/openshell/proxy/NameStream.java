package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.openshell.proxy.dns.Question;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Questions to policy DNS that come by a connection: one after the other, each with its length before it. On its event loop. */
final class NameStream extends ChannelInboundHandlerAdapter {
    private static final long SECONDS = 10;

    private final PolicyNames names;
    private final ByteBuf gathered = Unpooled.buffer(2 + Question.MOST_BYTES);
    private boolean waiting;

    NameStream(PolicyNames names) {
        this.names = names;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!names.admit(context.channel())) {
            context.close();
            return;
        }
        var timer = context.executor().schedule(() -> context.close(), SECONDS, TimeUnit.SECONDS);
        context.channel().closeFuture().addListener(closed -> timer.cancel(false));
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        try {
            if (gathered.readableBytes() + bytes.readableBytes() > 2 + Question.MOST_BYTES) {
                context.close();
                return;
            }
            gathered.writeBytes(bytes);
        } finally {
            bytes.release();
        }
        next(context);
    }

    private void next(ChannelHandlerContext context) {
        if (waiting) {
            return;
        }
        int length = gathered.readableBytes() < 2 ? -1 : gathered.getUnsignedShort(gathered.readerIndex());
        if (length > Question.MOST_BYTES || length == 0) {
            context.close();
        } else if (length < 0 || gathered.readableBytes() < 2 + length) {
            context.read();
        } else {
            var question = new byte[length];
            gathered.skipBytes(2).readBytes(question).discardReadBytes();
            waiting = true;
            var asker = new PolicyNames.Asker((InetSocketAddress) context.channel().remoteAddress(),
                    (InetSocketAddress) context.channel().localAddress(), false);
            names.answer(question, asker, context.channel().eventLoop(), answer -> {
                waiting = false;
                context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {(byte) (answer.length >> 8), (byte) answer.length}, answer))
                        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
                next(context);
            });
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !waiting) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
