package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import io.openshell.proxy.http.HeadParser;
import io.openshell.proxy.http.HeadScanner;
import io.openshell.proxy.http.MalformedHttpException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Gathers the head of a client's request, then keeps what follows it until somebody takes it. On the client's event loop. */
final class IngressHandler extends ChannelInboundHandlerAdapter {
    private static final int HEAD_LIMIT = 8192;

    private final Exchange exchange;
    private final Duration deadline;
    private final boolean room;
    private final HeadScanner scanner = new HeadScanner(HEAD_LIMIT);
    private ByteBuf gathered = Unpooled.EMPTY_BUFFER;
    private boolean complete;
    private @Nullable Future<?> timer;

    IngressHandler(Exchange exchange, Duration deadline, boolean room) {
        this.exchange = exchange;
        this.deadline = deadline;
        this.room = room;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        gathered = context.alloc().buffer(1024);
        if (!room) {
            finish(context, new ConnectEvent.Unusable(new Reply.Bare(503), "too many connections"));
            return;
        }
        timer = context.executor().schedule(() -> timeOut(context), deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void timeOut(ChannelHandlerContext context) {
        if (gathered.isReadable()) {
            finish(context, new ConnectEvent.Unusable(new Reply.Drop(), "the head did not arrive in time"));
        } else {
            context.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        try {
            gathered.writeBytes(bytes);
        } finally {
            bytes.release();
        }
        if (complete) {
            // What follows the head waits in the kernel until the decision is made. Nearly no client sends any, so reading is
            // switched off only now: each switch is a system call.
            context.channel().config().setAutoRead(false);
            return;
        }
        switch (scanner.scan(gathered)) {
            case MORE -> { }
            case TOO_LONG -> finish(context, new ConnectEvent.Unusable(new Reply.Bare(431), "the head is too long"));
            case MALFORMED -> finish(context, malformed("a byte or line end no head can hold"));
            case END -> parse(context);
        }
    }

    private void parse(ChannelHandlerContext context) {
        var head = new byte[scanner.length()];
        gathered.readBytes(head);
        try {
            var request = HeadParser.request(head);
            if (LocalRequest.concerns(request)) {
                complete = true;
                stopTimer();
                exchange.serveLocally(request);
                return;
            }
            finish(context, exchange.read(request));
        } catch (MalformedHttpException malformed) {
            finish(context, malformed(String.valueOf(malformed.getMessage())));
        }
    }

    private static ConnectEvent malformed(String why) {
        return new ConnectEvent.Unusable(new Reply.Bare(400), why);
    }

    private void finish(ChannelHandlerContext context, ConnectEvent event) {
        complete = true;
        stopTimer();
        exchange.advance(event);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** Hands over what followed the head; the caller releases it. */
    ByteBuf takeEarly() {
        var early = gathered;
        gathered = Unpooled.EMPTY_BUFFER;
        return early;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !complete) {
            leave(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        leave(context);
    }

    private void leave(ChannelHandlerContext context) {
        if (complete || gathered.isReadable()) {
            finish(context, new ConnectEvent.Failed("the client left before it was served"));
        }
        context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        finish(context, new ConnectEvent.Failed("the client's connection broke: " + cause.getClass().getSimpleName()));
        context.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stopTimer();
        takeEarly().release();
    }
}
