package io.openshell.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A server of HTTP/2 inside TLS. By path: {@code /echo} sends the body back as it comes and ends with trailers, {@code /hang} begins
 * an answer and never ends it (so does a path that ends in it), one that ends in {@code /silent} does not begin any, {@code /reset} resets the stream, {@code /leave} answers and says goodbye to the connection, all
 * others answer with the names they saw.
 */
final class Http2Server implements AutoCloseable {
    final List<String> requests = new CopyOnWriteArrayList<>();
    final List<String> events = new CopyOnWriteArrayList<>();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel listener;

    Http2Server(SslContext tls) {
        listener = new ServerBootstrap().group(group).channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        events.add("connected");
                        channel.closeFuture().addListener(closed -> events.add("closed"));
                        channel.pipeline().addLast(tls.newHandler(channel.alloc()), Http2FrameCodecBuilder.forServer().build(),
                                new Http2MultiplexHandler(new ChannelInitializer<Http2StreamChannel>() {
                                    @Override
                                    protected void initChannel(Http2StreamChannel stream) {
                                        stream.pipeline().addLast(new Answer());
                                    }
                                }));
                    }
                }).bind(InetAddress.getLoopbackAddress(), 0).syncUninterruptibly().channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    private final class Answer extends ChannelInboundHandlerAdapter {
        private String path = "";

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2HeadersFrame head && path.isEmpty()) {
                path = head.headers().path().toString();
                requests.add(head.headers().method() + " " + head.headers().authority() + " " + path + " te="
                        + head.headers().get("te"));
                head(context, head.isEndStream());
            } else if (message instanceof Http2DataFrame data && path.equals("/echo")) {
                boolean last = data.isEndStream();
                context.write(new DefaultHttp2DataFrame(data.content(), false));
                end(context, last);
            } else {
                boolean last = message instanceof Http2DataFrame data && data.isEndStream();
                ReferenceCountUtil.release(message);
                if (last && !path.endsWith("/hang")) {
                    context.write(new DefaultHttp2DataFrame(true));
                }
            }
        }

        private void head(ChannelHandlerContext context, boolean last) {
            if (path.equals("/reset")) {
                context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.ENHANCE_YOUR_CALM));
                return;
            }
            if (path.endsWith("/silent")) {
                return;
            }
            var headers = new DefaultHttp2Headers().status("200").add("x-seen", path);
            boolean whole = last && !path.equals("/echo") && !path.endsWith("/hang");
            context.write(new DefaultHttp2HeadersFrame(headers, whole));
            if (path.equals("/leave")) {
                context.channel().parent().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            }
            if (path.equals("/echo")) {
                end(context, last);
            }
        }

        private void end(ChannelHandlerContext context, boolean last) {
            if (last) {
                context.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().add("grpc-status", "0"), true));
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                events.add("reset " + Http2Error.valueOf(reset.errorCode()));
            }
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
