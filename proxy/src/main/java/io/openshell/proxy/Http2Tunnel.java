package io.openshell.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.http.RequestHead;
import java.util.Optional;

/**
 * A tunnel that carries HTTP/2 on both sides: every stream is a request decided for itself and, once allowed, a stream of its
 * own to the upstream. {@link Http2Request} is the client's end of one, {@link Http2Answer} the upstream's. What is in memory is
 * bounded by the windows offered here. On the one event loop of both connections.
 */
final class Http2Tunnel {
    /** How many requests a client may have open; the upstream is never asked for more. */
    static final int STREAMS = 100;
    /** How much of one body may be on its way to a side that does not take it. */
    static final int STREAM_WINDOW = 128 * 1024;

    private static final int CONNECTION_WINDOW = 1024 * 1024;
    private static final int FIRST_CONNECTION_WINDOW = 65_535;
    private static final int HEAD_LIMIT = 16 * 1024;
    private static final int RESPONSE_HEAD_LIMIT = 64 * 1024;

    private final ProxyScene scene;
    private final ForwardRelay.Ends ends;
    private final TunnelContext context;
    private final IdleWatch idle;

    private Http2Tunnel(ProxyScene scene, ForwardRelay.Ends ends, TunnelContext context, IdleWatch idle) {
        this.scene = scene;
        this.ends = ends;
        this.context = context;
        this.idle = idle;
    }

    /** Starts serving streams. What either side said already is held back in its pipeline. */
    static void join(ProxyScene scene, ForwardRelay.Ends ends, TunnelContext context, IdleWatch idle) {
        var tunnel = new Http2Tunnel(scene, ends, context, idle);
        ends.client().closeFuture().addListener(closed -> ends.upstream().close());
        ends.upstream().closeFuture().addListener(closed -> ends.client().close());
        tunnel.serve(ends.upstream(), Http2FrameCodecBuilder.forClient(),
                Http2Settings.defaultSettings().pushEnabled(false).maxHeaderListSize(RESPONSE_HEAD_LIMIT), new Unasked());
        tunnel.serve(ends.client(), Http2FrameCodecBuilder.forServer(),
                Http2Settings.defaultSettings().maxConcurrentStreams(STREAMS).maxHeaderListSize(HEAD_LIMIT),
                new ChannelInitializer<Http2StreamChannel>() {
                    @Override
                    protected void initChannel(Http2StreamChannel stream) {
                        stream.pipeline().addLast(new Http2Request(tunnel, stream));
                    }
                });
        HoldBack.release(ends.upstream());
        HoldBack.release(ends.client());
        ends.upstream().config().setAutoRead(true);
        ends.client().config().setAutoRead(true);
    }

    private void serve(Channel channel, Http2FrameCodecBuilder codec, Http2Settings settings, ChannelHandler streams) {
        // Without waiting for streams: a connection that has to go, because its policy did, goes at once.
        channel.pipeline().addLast(new Touch(), codec
                .initialSettings(settings.initialWindowSize(STREAM_WINDOW))
                .gracefulShutdownTimeoutMillis(0)
                .build(), new Http2MultiplexHandler(streams), new End(channel == ends.upstream()));
        channel.pipeline().context(Http2MultiplexHandler.class)
                .write(new DefaultHttp2WindowUpdateFrame(CONNECTION_WINDOW - FIRST_CONNECTION_WINDOW));
        channel.flush();
    }

    /** Opens a stream to the upstream. */
    Future<Http2StreamChannel> open(Http2Answer answer) {
        return new Http2StreamChannelBootstrap(ends.upstream()).handler(answer).open();
    }

    /** Whether a refused program can ask for a rule. */
    boolean isAdvised() {
        return scene.ports().advisor().enabled();
    }

    boolean isCurrent() {
        return context.grant().pinned().generation() == scene.inForce().generation();
    }

    /** Records what was decided about a request; false when that failed. */
    boolean recorded(Finding finding, Ask ask, String id) {
        return scene.recorded(new VerdictEntry(finding, Optional.of(ask), Optional.of(context.grant().by()), id),
                context.grant().pinned().generation());
    }

    /** What the rules say of a request. */
    RequestGate.Outcome judged(RequestHead head, Optional<byte[]> body) {
        return scene.judged(context, head, body);
    }

    CredentialSet credentials() {
        return scene.credentials();
    }

    TunnelContext context() {
        return context;
    }

    /** Every byte counts as life. */
    private final class Touch extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext handler, Object message) {
            idle.touch();
            handler.fireChannelRead(message);
        }
    }

    /** A stream nobody asked for. */
    private static final class Unasked extends ChannelInitializer<Http2StreamChannel> {
        @Override
        protected void initChannel(Http2StreamChannel stream) {
            stream.close();
        }
    }

    /** What is said about a whole connection. */
    private final class End extends ChannelInboundHandlerAdapter {
        private final boolean upstream;

        End(boolean upstream) {
            this.upstream = upstream;
        }

        @Override
        public void channelRead(ChannelHandlerContext handler, Object message) {
            boolean leaving = upstream && message instanceof Http2GoAwayFrame;
            ReferenceCountUtil.release(message);
            if (leaving) {
                // New requests need a new connection; those on their way are still answered.
                ends.client().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext handler, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                handler.close();
            }
            ReferenceCountUtil.release(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
            handler.close();
        }
    }
}
