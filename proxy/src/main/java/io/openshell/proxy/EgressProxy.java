package io.openshell.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.openshell.model.egress.CompiledPolicy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The only way out of one sandbox: accepts CONNECT and plain http requests, and lets through what the policy in force allows
 * to the process that asked.
 *
 * <p>Methods are safe from any thread except event loops, which {@link #swap} and {@link #close} would block.
 */
public final class EgressProxy implements AutoCloseable {
    private static final int BACKLOG = 512;
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(128 * 1024, 512 * 1024);
    /** What a client sends before it ends its direction is read into memory whole, so the kernel holds little of it. */
    private static final int CLIENT_BUFFER = 256 * 1024;

    private static final long START_SECONDS = 5;

    private final ProxyScene scene;
    private final Channel listener;
    private final List<Channel> direct = new CopyOnWriteArrayList<>();

    private EgressProxy(ProxyScene scene, Channel listener) {
        this.scene = scene;
        this.listener = listener;
    }

    /**
     * Binds the listener and starts serving.
     *
     * @param loops the threads to run on
     * @param settings everything about this sandbox's proxy
     * @return the running proxy
     * @throws IllegalArgumentException when a descriptor is handed over to loops that are not native; it stays the caller's
     * @throws IllegalStateException when the listener does not serve within five seconds; a descriptor handed over is closed
     */
    public static EgressProxy start(ProxyEventLoops loops, ProxySettings settings) {
        if (settings.listener() instanceof Listener.Adopted && !loops.isNative()) {
            throw new IllegalArgumentException("taking over a descriptor needs the native transport");
        }
        var scene = new ProxyScene(loops, settings);
        var bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channelFactory(() -> loops.listener(settings.listener()))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_RCVBUF, CLIENT_BUFFER)
                .childOption(ChannelOption.RCVBUF_ALLOCATOR, receiveBuffers())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        scene.accept(client);
                    }
                });
        ChannelFuture serving = switch (settings.listener()) {
            case Listener.Adopted adopted -> bootstrap.register();
            case Listener.Bound bound -> bootstrap.bind(bound.address());
        };
        if (!serving.awaitUninterruptibly(START_SECONDS, TimeUnit.SECONDS) || !serving.isSuccess()) {
            serving.channel().close();
            throw new IllegalStateException("cannot listen on " + settings.listener(), serving.cause());
        }
        return new EgressProxy(scene, serving.channel());
    }

    /**
     * Also serves what comes without asking: names of policy DNS, and connections to their addresses. Once.
     *
     * @param entries sockets in the sandbox's network namespace; they belong to the proxy from now on
     * @throws IllegalStateException when one does not serve within five seconds; all are closed then
     */
    public void serve(DirectEntries entries) {
        direct.addAll(DirectEntry.open(scene, entries, Duration.ofSeconds(START_SECONDS)));
    }

    /**
     * Says where the proxy listens.
     *
     * @return the bound address
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /**
     * Says which policy generation decides about new connections.
     *
     * @return the generation in force
     */
    public long generation() {
        return scene.inForce().generation();
    }

    /**
     * Says how many tunnels and forwarded requests are open.
     *
     * @return connections traffic flows through
     */
    public int openTunnels() {
        return scene.tunnels().count();
    }

    /**
     * Puts a policy in force and closes everything an older generation allowed. Decisions on their way end in a refusal.
     * A generation that is not newer than the one in force is ignored, so late calls cannot bring an old policy back.
     *
     * @param policy the new policy
     * @param generation its generation
     * @throws IllegalStateException when old connections are not closed within {@link ProxyLimits#swap()}, or on an event loop
     */
    public void swap(CompiledPolicy policy, long generation) {
        Objects.requireNonNull(policy, "policy");
        refuseOnEventLoop();
        scene.install(new PolicyInForce(policy, generation, scene.inForce().terminates()));
        long current = scene.inForce().generation();
        scene.tunnels().closeAll(older -> older < current, scene.limits().swap());
    }

    /**
     * Stops listening and closes every connection.
     *
     * @throws IllegalStateException when connections are not closed within {@link ProxyLimits#swap()}, or on an event loop
     */
    @Override
    public void close() {
        refuseOnEventLoop();
        direct.forEach(Channel::close);
        listener.close().awaitUninterruptibly(scene.limits().swap().toMillis());
        scene.refuseNew();
        scene.tunnels().closeAll(any -> true, scene.limits().swap());
        scene.closeClients();
    }

    /** Buffers that grow with what arrives, up to what stays in a processor's cache until it is sent on. */
    static RecvByteBufAllocator receiveBuffers() {
        return new AdaptiveRecvByteBufAllocator(512, 4096, 64 * 1024).maxMessagesPerRead(4);
    }

    private void refuseOnEventLoop() {
        for (EventExecutor loop : scene.loops().group()) {
            if (loop.inEventLoop()) {
                throw new IllegalStateException("would block an event loop");
            }
        }
    }
}
