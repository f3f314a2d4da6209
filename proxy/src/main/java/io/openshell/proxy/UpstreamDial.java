package io.openshell.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to the first of the checked addresses that answers, one after the other, within one deadline for all. On the
 * client's event loop, where the upstream connection then lives too. One per exchange.
 */
final class UpstreamDial {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamDial.class);
    private static final int MOST_ADDRESSES = 8;

    /** Hears how it went; exactly one of its methods is called, once, unless the dial was abandoned. */
    interface Outcome {
        void connected(SocketChannel upstream);

        void failed(String why);
    }

    private final ProxyScene scene;
    private final SocketChannel client;
    private final int port;
    private final Outcome outcome;
    private final Deque<InetAddress> left = new ArrayDeque<>();
    private long deadline;
    private boolean abandoned;
    private @Nullable SocketChannel upstream;

    UpstreamDial(ProxyScene scene, SocketChannel client, int port, Outcome outcome) {
        this.scene = scene;
        this.client = client;
        this.port = port;
        this.outcome = outcome;
    }

    void start(List<InetAddress> addresses) {
        addresses.stream().limit(MOST_ADDRESSES).forEach(left::add);
        deadline = System.nanoTime() + scene.limits().dial().toNanos();
        next("it has no address");
    }

    private void next(String why) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        var address = left.poll();
        if (address == null || millis <= 0) {
            outcome.failed(why);
            return;
        }
        // Every address left gets its share, so one that swallows packets does not use up the time of the others.
        int share = (int) Math.max(1, millis / (left.size() + 1));
        var attempt = new Bootstrap()
                .group(client.eventLoop())
                .channelFactory(scene.loops()::upstream)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, share)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.RCVBUF_ALLOCATOR, EgressProxy.receiveBuffers())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, EgressProxy.WATER_MARK)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(scene.ports().dialer().socketAddress(address, port));
        upstream = (SocketChannel) attempt.channel();
        attempt.addListener((ChannelFuture done) -> settled(done));
    }

    private void settled(ChannelFuture attempt) {
        try {
            turn(attempt);
        } catch (RuntimeException | Error fault) {
            LOG.error("Dialling for sandbox {} failed", scene.sandbox().sandboxId(), fault);
            attempt.channel().close();
            outcome.failed("internal fault: " + fault.getClass().getSimpleName());
        }
    }

    private void turn(ChannelFuture attempt) {
        if (abandoned) {
            attempt.channel().close();
        } else if (attempt.isSuccess()) {
            outcome.connected((SocketChannel) attempt.channel());
        } else {
            attempt.channel().close();
            next("connecting failed: " + attempt.cause().getClass().getSimpleName());
        }
    }

    @Nullable SocketChannel upstream() {
        return upstream;
    }

    /** Stops dialling and closes what was connected. */
    void abandon() {
        abandoned = true;
        if (upstream != null) {
            upstream.close();
        }
    }
}
