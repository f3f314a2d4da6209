package io.openshell.bench.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.openshell.proxy.tls.SandboxAuthority;
import io.openshell.proxy.tls.SystemAnchors;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The server all proxies of a run talk to, on loopback: 1 KiB for every request, or as many mebibytes as {@code /bulk/N} says.
 * Writes the certificate of its authority to the file named first, and prints its plain and its TLS port.
 */
public final class OriginMain {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final byte[] ANSWER = answer();

    private OriginMain() {}

    /** Serves until its input ends. */
    public static void main(String[] arguments) throws Exception {
        var authority = SandboxAuthority.create();
        Files.writeString(Path.of(arguments[0]), SystemAnchors.pem(authority.certificate()));
        var loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        System.out.println(port(listen(loops, null)) + " " + port(listen(loops, authority.serving("rest.test"))));
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }

    private static byte[] answer() {
        var head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        var all = Arrays.copyOf(head, head.length + 1024);
        Arrays.fill(all, head.length, all.length, (byte) 'x');
        return all;
    }

    private static int port(Channel listener) {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private static Channel listen(MultiThreadIoEventLoopGroup loops, @Nullable SslContext tls) throws InterruptedException {
        return new ServerBootstrap().group(loops).channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        if (tls != null) {
                            client.pipeline().addLast(tls.newHandler(client.alloc()));
                        }
                        client.pipeline().addLast(new Answers());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
    }

    /** Requests come one at a time and without a body. */
    private static final class Answers extends ChannelInboundHandlerAdapter {
        private static final ByteBuf BLOCK = Unpooled.unreleasableBuffer(Unpooled.directBuffer(256 * 1024).writeZero(256 * 1024));

        private final StringBuilder head = new StringBuilder();
        private long left;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var bytes = (ByteBuf) message;
            head.append(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
            if (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
                return;
            }
            boolean bulk = head.length() > 11 && head.substring(0, 10).equals("GET /bulk/");
            if (bulk) {
                left = Long.parseLong(head.substring(10, head.indexOf(" ", 10))) * MEBIBYTE;
                context.write(Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\nContent-Length: " + left + "\r\n\r\n", StandardCharsets.US_ASCII));
                more(context);
            } else {
                context.writeAndFlush(Unpooled.wrappedBuffer(ANSWER));
            }
            head.setLength(0);
        }

        private void more(ChannelHandlerContext context) {
            while (left > 0 && context.channel().isWritable()) {
                int n = (int) Math.min(left, BLOCK.capacity());
                left -= n;
                context.writeAndFlush(BLOCK.slice(0, n), context.voidPromise());
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            more(context);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
