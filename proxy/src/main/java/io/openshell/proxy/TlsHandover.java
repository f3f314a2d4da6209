package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.openshell.model.egress.ReasonCode;
import io.openshell.proxy.tls.ClientHello;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes TLS off a tunnel: the client says what it wants to speak, the upstream proves who it is and chooses, then the client is
 * answered with that choice and a certificate for the host it asked for. What is HTTP/2 is served as such, other bytes are looked
 * at. On the client's event loop; one per tunnel.
 */
final class TlsHandover {
    private static final Logger LOG = LoggerFactory.getLogger(TlsHandover.class);
    /** A goodbye that cannot be sent must not keep a connection of an old policy. */
    private static final long GOODBYE_MILLIS = 1_000;

    private static final long LAST_WORD_MILLIS = 50;

    private final ProxyScene scene;
    private final ForwardRelay.Ends ends;
    private final TunnelContext context;
    private final IdleWatch idle;
    private final TlsTermination.Possible tls;
    private final HoldBack said = new HoldBack();
    private ByteBuf hello;
    private boolean over;
    private boolean http2;

    private TlsHandover(
            ProxyScene scene, ForwardRelay.Ends ends, TunnelContext context, IdleWatch idle, ByteBuf hello) {
        this.scene = scene;
        this.ends = ends;
        this.context = context;
        this.idle = idle;
        this.hello = hello;
        this.tls = (TlsTermination.Possible) scene.tls();
    }

    /** Starts with what the client said. Takes over {@code hello}, the bytes the client has sent. */
    static void begin(
            ProxyScene scene, ForwardRelay.Ends ends, TunnelContext context, IdleWatch idle, ByteBuf hello) {
        var handover = new TlsHandover(scene, ends, context, idle, hello);
        ends.client().closeFuture().addListener(closed -> handover.drop());
        handover.greeted();
    }

    private void greeted() {
        switch (ClientHello.of(hello)) {
            case ClientHello.Incomplete incomplete -> {
                ends.client().pipeline().addLast(new Greeting());
                ends.client().config().setAutoRead(true);
            }
            case ClientHello.Complete complete -> upstream(complete.protocols().contains(ClientHello.HTTP2));
        }
    }

    /** Waits for the rest of a greeting, no longer than for a handshake. */
    private final class Greeting extends ChannelInboundHandlerAdapter {
        private @Nullable Future<?> timer;

        @Override
        public void handlerAdded(ChannelHandlerContext handler) {
            timer = handler.executor().schedule(
                    () -> fail(ReasonCode.TLS_CLIENT_FAILED, "the client did not complete TLS with the proxy: no whole greeting"),
                    scene.limits().handshake().toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void channelRead(ChannelHandlerContext handler, Object message) {
            idle.touch();
            hello = Unpooled.wrappedBuffer(hello, (ByteBuf) message);
            if (!over && ClientHello.of(hello) instanceof ClientHello.Complete complete) {
                ends.client().config().setAutoRead(false);
                handler.pipeline().remove(this);
                upstream(complete.protocols().contains(ClientHello.HTTP2));
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext handler, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                fail(ReasonCode.TLS_CLIENT_FAILED, "the client did not complete TLS with the proxy: it left");
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

        @Override
        public void handlerRemoved(ChannelHandlerContext handler) {
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }

    private void upstream(boolean either) {
        if (context.grant().passage().route().filter(route -> !route.secure()).isPresent()) {
            certificate();
            return;
        }
        var authority = context.grant().upstream();
        var asking = either ? tls.upstream().eitherContext() : tls.upstream().context();
        var handler = limited(asking.newHandler(ends.upstream().alloc(), authority.host(), authority.port()));
        ends.upstream().pipeline().addFirst(handler);
        ends.upstream().pipeline().addLast(new HoldBack());
        handler.handshakeFuture().addListener(done -> ends.guarded(() -> {
            if (done.isSuccess()) {
                http2 = ClientHello.HTTP2.equals(handler.applicationProtocol());
                certificate();
            } else {
                fail(ReasonCode.TLS_UPSTREAM_UNTRUSTED, "the upstream did not prove who it is: " + why(done.cause()));
            }
        }));
        ends.upstream().read();
    }

    private SslHandler limited(SslHandler handler) {
        handler.setHandshakeTimeoutMillis(scene.limits().handshake().toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(GOODBYE_MILLIS);
        return handler;
    }

    /** Signing takes a worker's time, not the event loop's. */
    private void certificate() {
        var host = context.authority().host();
        var known = tls.authority().known(host, http2);
        if (known.isPresent()) {
            client(known.get());
            return;
        }
        try {
            scene.loops().workers().execute(() -> {
                try {
                    var made = tls.authority().serving(host, http2);
                    ends.client().eventLoop().execute(() -> ends.guarded(() -> client(made)));
                } catch (GeneralSecurityException | RuntimeException | Error failure) {
                    LOG.error("No certificate for a host of sandbox {}", scene.sandbox().sandboxId(), failure);
                    ends.client().eventLoop().execute(() -> ends.guarded(
                            () -> fail(ReasonCode.TLS_UNAVAILABLE, "no certificate could be made")));
                }
            });
        } catch (RejectedExecutionException full) {
            fail(ReasonCode.TLS_UNAVAILABLE, "too many certificates are being made");
        }
    }

    private void client(SslContext serving) {
        if (over) {
            return;
        }
        var handler = limited(serving.newHandler(ends.client().alloc()));
        ends.client().pipeline().addFirst(handler);
        ends.client().pipeline().addLast(said);
        handler.handshakeFuture().addListener(done -> ends.guarded(() -> clientDone(done)));
        var first = hello;
        hello = Unpooled.EMPTY_BUFFER;
        ends.client().pipeline().fireChannelRead(first);
        ends.client().pipeline().fireChannelReadComplete();
        ends.client().read();
    }

    private void clientDone(Future<? super Channel> done) {
        if (!done.isSuccess()) {
            fail(ReasonCode.TLS_CLIENT_FAILED, "the client did not complete TLS with the proxy: " + why(done.cause()));
            return;
        }
        if (over) {
            return;
        }
        over = true;
        if (http2) {
            Http2Tunnel.join(scene, ends, context.secured(), idle);
            return;
        }
        var early = ends.client().alloc().buffer();
        var inside = said.take();
        early.writeBytes(inside);
        inside.release();
        ends.client().pipeline().remove(said);
        TunnelStart.look(scene, ends, context.secured(), idle, early);
    }

    /** Only the kind of failure and its own words; certificates of strangers may hold anything else. */
    private static String why(Throwable cause) {
        var text = cause.getMessage();
        return text == null ? cause.getClass().getSimpleName() : text.lines().findFirst().orElse("");
    }

    private void fail(ReasonCode code, String reason) {
        if (over) {
            return;
        }
        drop();
        var grant = context.grant();
        var finding = Finding.denied(grant.policyKey(), Finding.TLS, code, reason);
        scene.recorded(new VerdictEntry(finding, Optional.of(grant.ask()), Optional.of(grant.by()),
                UUID.randomUUID().toString()), grant.pinned().generation());
        ends.upstream().close();
        // The alert that says why is on its way; it gets the moment it needs.
        ends.client().eventLoop().schedule(() -> ends.client().close(), LAST_WORD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void drop() {
        over = true;
        hello.release();
        hello = Unpooled.EMPTY_BUFFER;
    }
}
