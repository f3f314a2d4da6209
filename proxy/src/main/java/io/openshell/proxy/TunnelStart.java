package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import io.openshell.proxy.http.FirstBytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The moment between the confirmation of a tunnel and its traffic: waits for the client's first bytes and lets them choose how
 * the tunnel is treated. On the client's event loop.
 */
final class TunnelStart extends ChannelInboundHandlerAdapter {
    /** A client that says nothing for so long may wait for the server to begin, which is fine where nothing is inspected. */
    private static final long SILENCE_MILLIS = 100;

    private final ProxyScene scene;
    private final ForwardRelay.Ends ends;
    private final TunnelContext context;
    private final IdleWatch idle;
    private ByteBuf gathered;
    private @Nullable Future<?> timer;
    private boolean decided;

    private TunnelStart(ProxyScene scene, ForwardRelay.Ends ends, TunnelContext context, IdleWatch idle, ByteBuf early) {
        this.scene = scene;
        this.ends = ends;
        this.context = context;
        this.idle = idle;
        this.gathered = early;
    }

    /** Confirms the tunnel to the client and starts it. Takes over {@code early}. */
    static void begin(ProxyScene scene, ForwardRelay.Ends ends, Grant grant, ByteBuf early) {
        var idle = IdleWatch.over(ends.client(), ends.upstream(), scene.limits().idle());
        ends.client().writeAndFlush(Unpooled.copiedBuffer(ReplyWriter.ESTABLISHED, StandardCharsets.US_ASCII));
        if (grant.passage().isOpaque()) {
            TunnelRelay.join(ends, early, idle);
            return;
        }
        look(scene, ends, new TunnelContext(grant, grant.ask().authority(), false), idle, early);
    }

    /** Looks at the first bytes, of the connection or of what TLS carries. Takes over {@code early}. */
    static void look(
            ProxyScene scene, ForwardRelay.Ends ends, TunnelContext context, IdleWatch idle, ByteBuf early) {
        var start = new TunnelStart(scene, ends, context, idle, early);
        ends.client().pipeline().addLast(start);
        start.wait(ends.client().isInputShutdown());
    }

    private void wait(boolean over) {
        long millis = judges() ? scene.limits().head().toMillis() : SILENCE_MILLIS;
        timer = ends.client().eventLoop().schedule(() -> ends.guarded(() -> decide(true)), millis, TimeUnit.MILLISECONDS);
        decide(over);
        if (!decided) {
            ends.client().config().setAutoRead(true);
        }
    }

    /** TLS within TLS is opened no further. */
    private boolean terminates() {
        return !context.secure() && !context.grant().passage().skipsTls() && scene.tls().isPossible();
    }

    private boolean judges() {
        return context.grant().passage().requests().judges();
    }

    @Override
    public void channelRead(ChannelHandlerContext handler, Object message) {
        var bytes = (ByteBuf) message;
        idle.touch();
        try {
            if (!gathered.isWritable(bytes.readableBytes())) {
                var wider = ends.client().alloc().buffer(gathered.readableBytes() + bytes.readableBytes());
                wider.writeBytes(gathered);
                gathered.release();
                gathered = wider;
            }
            gathered.writeBytes(bytes);
        } finally {
            bytes.release();
        }
        decide(false);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext handler, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            decide(true);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext handler) {
        ends.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        ends.close();
    }

    /** Goes on once the bytes say what they are, or when no more can be waited for. */
    private void decide(boolean last) {
        if (decided) {
            return;
        }
        var kind = FirstBytes.of(gathered);
        if (kind == FirstBytes.TOO_FEW && !last && gathered.readableBytes() < FirstBytes.MOST) {
            return;
        }
        decided = true;
        if (timer != null) {
            timer.cancel(false);
        }
        var early = gathered;
        gathered = Unpooled.EMPTY_BUFFER;
        ends.client().pipeline().remove(this);
        go(kind, early);
    }

    private void go(FirstBytes kind, ByteBuf early) {
        boolean silent = !early.isReadable();
        switch (kind) {
            case TLS -> {
                if (terminates()) {
                    // Others go on reading at once; switching that off and on would be two system calls.
                    ends.client().config().setAutoRead(false);
                    TlsHandover.begin(scene, ends, context, idle, early);
                } else {
                    opaque(early);
                }
            }
            case HTTP1 -> {
                if (context.grant().passage().requests().reads() || context.secure() || !scene.credentials().isEmpty()) {
                    HttpTunnel.join(scene, ends, context, idle, early);
                } else {
                    TunnelRelay.join(ends, early, idle);
                }
            }
            case HTTP2, UNKNOWN, TOO_FEW -> {
                if (judges() && silent) {
                    early.release();
                    ends.close();
                } else {
                    opaque(early);
                }
            }
        }
    }

    /** Bytes nobody can judge pass only where nothing is judged. */
    private void opaque(ByteBuf early) {
        if (!judges()) {
            TunnelRelay.join(ends, early, idle);
            return;
        }
        early.release();
        var grant = context.grant();
        var refusal = Refusal.unsupported(grant.ask().words(), grant.policyKey());
        var id = UUID.randomUUID().toString();
        scene.tunnels().remove(ends.client());
        ends.upstream().close();
        scene.recorded(new VerdictEntry(refusal.finding(), Optional.of(grant.ask()), Optional.of(grant.by()), id),
                grant.pinned().generation());
        var bytes = ReplyWriter.write(refusal.reply(), id, false).orElseThrow();
        LingeringClose.after(ends.client(), ends.client().writeAndFlush(bytes));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext handler) {
        if (timer != null) {
            timer.cancel(false);
        }
        gathered.release();
        gathered = Unpooled.EMPTY_BUFFER;
    }
}
