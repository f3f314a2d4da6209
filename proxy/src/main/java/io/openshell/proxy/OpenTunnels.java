package io.openshell.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections traffic flows through, each with the generation that allowed it.
 *
 * <p>Order matters: an exchange first adds its connection here and then reads the generation in force; a swap first installs
 * the new generation and then closes what it finds here. Whichever comes first, nothing old stays open. Safe from any thread.
 */
final class OpenTunnels {
    private static final Logger LOG = LoggerFactory.getLogger(OpenTunnels.class);

    private final Map<ChannelId, Tunnel> open = new ConcurrentHashMap<>();

    private record Tunnel(Channel client, Channel upstream, long generation) {}

    void add(Channel client, Channel upstream, long generation) {
        open.put(client.id(), new Tunnel(client, upstream, generation));
        client.closeFuture().addListener(closed -> open.remove(client.id()));
    }

    int count() {
        return open.size();
    }

    /** Closes both ends of the chosen tunnels and waits until they are closed or the limit passed. Not for event loops. */
    void closeAll(LongPredicate generations, Duration limit) {
        var chosen = open.values().stream().filter(t -> generations.test(t.generation())).toList();
        var gone = new CountDownLatch(chosen.size() * 2);
        for (var tunnel : chosen) {
            tunnel.client().close().addListener(done -> gone.countDown());
            tunnel.upstream().close().addListener(done -> gone.countDown());
        }
        try {
            if (!gone.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(gone.getCount() + " sockets of an older policy did not close in time");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            LOG.warn("Interrupted while {} tunnels were closing", chosen.size());
        }
    }
}
