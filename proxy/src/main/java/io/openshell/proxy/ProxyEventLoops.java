package io.openshell.proxy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads all proxies of a node agent share: event loops for sockets and a bounded pool for what blocks.
 *
 * <p>A full pool refuses work, which denies the connection that wanted it. Close it after the last proxy.
 */
public final class ProxyEventLoops implements AutoCloseable {
    private static final int WORKERS = 16;
    private static final int WAITING = 1024;
    private static final long QUIET_MILLIS = 0;
    private static final long STOP_MILLIS = 2_000;

    private final EventLoopGroup group;
    private final boolean epoll;
    private final ThreadPoolExecutor workers;
    private final DecisionTimes decisions = new DecisionTimes();

    private ProxyEventLoops(EventLoopGroup group, boolean epoll) {
        this.group = group;
        this.epoll = epoll;
        this.workers = new ThreadPoolExecutor(
                WORKERS, WORKERS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                    var thread = new Thread(task, "egress-identify");
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
    }

    /**
     * Makes event loops of its own, native where the machine has it.
     *
     * @param threads how many
     * @return the loops
     */
    public static ProxyEventLoops own(int threads) {
        return Epoll.isAvailable()
                ? new ProxyEventLoops(NearLoop.group(threads, SteadyEpoll.factory()), true)
                : portable(threads);
    }

    /**
     * Makes event loops on the JDK's selectors. They cannot take over a descriptor of a sandbox.
     *
     * @param threads how many
     * @return the loops
     */
    public static ProxyEventLoops portable(int threads) {
        return new ProxyEventLoops(NearLoop.group(threads, NioIoHandler.newFactory()), false);
    }

    /**
     * Says whether sockets are native, which taking over a descriptor needs.
     *
     * @return true with epoll
     */
    public boolean isNative() {
        return epoll;
    }

    /**
     * How long the decisions of all proxies on these loops took.
     *
     * @return counts that go on
     */
    public DecisionTimes decisions() {
        return decisions;
    }

    EventLoopGroup group() {
        return group;
    }

    ExecutorService workers() {
        return workers;
    }

    ServerChannel listener(Listener listener) {
        return switch (listener) {
            case Listener.Adopted adopted -> new EpollServerSocketChannel(adopted.fd());
            case Listener.Bound bound -> epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
        };
    }

    DatagramChannel datagrams(int fd) {
        return new EpollDatagramChannel(fd);
    }

    SocketChannel upstream() {
        return epoll ? new EpollSocketChannel() : new NioSocketChannel();
    }

    /** Stops the workers and the event loops. Waits at most two seconds for the latter. */
    @Override
    public void close() {
        workers.shutdownNow();
        group.shutdownGracefully(QUIET_MILLIS, STOP_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_MILLIS);
    }
}
