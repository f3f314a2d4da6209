package io.openshell.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.openshell.proxy.dns.SyntheticAddresses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Serves the sockets by which traffic comes that did not ask the proxy. */
final class DirectEntry {
    private DirectEntry() {}

    static List<Channel> open(ProxyScene scene, DirectEntries entries, Duration limit) {
        var addresses = new SyntheticAddresses();
        var names = new PolicyNames(scene, addresses);
        List<ChannelFuture> begun = new ArrayList<>();
        begun.add(listen(scene, entries.streams(), client -> scene.acceptCaptured(client, addresses)));
        begun.add(listen(scene, entries.nameStreams(), client -> client.pipeline().addLast(new NameStream(names))));
        begun.add(new Bootstrap().group(scene.loops().group())
                .channelFactory(() -> scene.loops().datagrams(entries.names()))
                .handler(new NameDatagrams(names)).register());
        long until = System.nanoTime() + limit.toNanos();
        for (var each : begun) {
            if (!each.awaitUninterruptibly(until - System.nanoTime(), TimeUnit.NANOSECONDS) || !each.isSuccess()) {
                begun.forEach(one -> one.channel().close());
                throw new IllegalStateException("cannot serve traffic that does not ask the proxy", each.cause());
            }
        }
        return begun.stream().map(ChannelFuture::channel).toList();
    }

    private static ChannelFuture listen(ProxyScene scene, int fd, Consumer<SocketChannel> taken) {
        return new ServerBootstrap()
                .group(scene.loops().group())
                .channelFactory(() -> scene.loops().listener(new Listener.Adopted(fd)))
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RCVBUF_ALLOCATOR, EgressProxy.receiveBuffers())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, EgressProxy.WATER_MARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        taken.accept(client);
                    }
                }).register();
    }
}
