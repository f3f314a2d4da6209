package io.openshell.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that speaks HTTP/2 through a tunnel and shows every frame it gets as a line. */
final class Http2Client implements AutoCloseable {
    final List<String> connection = new CopyOnWriteArrayList<>();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;

    Http2Client(InetSocketAddress proxy, String host, SslContext tls) {
        channel = new Bootstrap().group(group).channel(NioSocketChannel.class).handler(new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel created) {
                created.pipeline().addLast(new Connect(host, tls));
            }
        }).connect(proxy).syncUninterruptibly().channel();
        channel.closeFuture().addListener(closed -> connection.add("closed"));
        Eventually.until("TLS with HTTP/2", () -> channel.pipeline().get(Http2MultiplexHandler.class) != null);
        if (!channel.pipeline().get(SslHandler.class).handshakeFuture().awaitUninterruptibly(10, TimeUnit.SECONDS)) {
            throw new AssertionError("no handshake");
        }
    }

    String protocol() {
        return String.valueOf(channel.pipeline().get(SslHandler.class).applicationProtocol());
    }

    /** One request; what comes back is taken line by line. */
    final class Stream {
        final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final Http2StreamChannel stream;

        Stream(String method, String authority, String path, boolean whole, String... fields) {
            stream = new Http2StreamChannelBootstrap(channel).handler(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    lines.add(line(message));
                    ReferenceCountUtil.release(message);
                }

                @Override
                public void userEventTriggered(ChannelHandlerContext context, Object event) {
                    if (event instanceof Http2ResetFrame) {
                        lines.add("reset");
                    }
                }
            }).open().syncUninterruptibly().getNow();
            var headers = new DefaultHttp2Headers(false).method(method).scheme("https").authority(authority).path(path);
            for (int i = 0; i < fields.length; i += 2) {
                headers.add(fields[i], fields[i + 1]);
            }
            stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, whole));
        }

        void send(String text, boolean last) {
            send(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), last);
        }

        void send(ByteBuf bytes, boolean last) {
            stream.writeAndFlush(new DefaultHttp2DataFrame(bytes, last));
        }

        String next() throws InterruptedException {
            var line = lines.poll(10, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("nothing came");
            }
            return line;
        }

        /** Ends the stream from the client's side. */
        void cancel() {
            stream.close().syncUninterruptibly();
        }
    }

    private static String line(Object message) {
        return switch (message) {
            case Http2HeadersFrame head -> "head" + (head.isEndStream() ? "! " : " ") + head.headers();
            case Http2DataFrame data -> "data" + (data.isEndStream() ? "! " : " ") + data.content().toString(StandardCharsets.UTF_8);
            default -> String.valueOf(message);
        };
    }

    private final class Connect extends ChannelInboundHandlerAdapter {
        private final String host;
        private final SslContext tls;

        Connect(String host, SslContext tls) {
            this.host = host;
            this.tls = tls;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            var text = "CONNECT " + host + ":443 HTTP/1.1\r\nHost: " + host + ":443\r\n\r\n";
            context.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            connection.add(((ByteBuf) message).toString(StandardCharsets.US_ASCII).lines().findFirst().orElse(""));
            ReferenceCountUtil.release(message);
            context.pipeline().remove(this);
            context.pipeline().addLast(tls.newHandler(context.alloc(), host, 443), Http2FrameCodecBuilder.forClient().build(),
                    new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()), new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext handler, Object frame) {
                            if (frame instanceof Http2GoAwayFrame) {
                                connection.add("goaway");
                            }
                            ReferenceCountUtil.release(frame);
                        }

                        @Override
                        public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
                            connection.add("failed " + cause);
                        }
                    });
        }
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
