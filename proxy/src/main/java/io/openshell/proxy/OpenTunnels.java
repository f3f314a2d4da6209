package io.openshell.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

    private static final Runnable NOTHING_TO_SAY = () -> { };

    private final Map<ChannelId, Tunnel> open = new ConcurrentHashMap<>();

    private record Tunnel(Channel client, Channel upstream, long generation, AtomicReference<Runnable> farewell) {
        /** Ends it, with a last word where there is one to say. */
        void end() {
            var last = farewell.get();
            if (last == NOTHING_TO_SAY) {
                client.close();
                upstream.close();
            } else {
                client.eventLoop().execute(last);
            }
        }
    }

    void add(Channel client, Channel upstream, long generation) {
        open.put(client.id(), new Tunnel(client, upstream, generation, new AtomicReference<>(NOTHING_TO_SAY)));
        client.closeFuture().addListener(closed -> open.remove(client.id()));
    }

    /** Says how a connection is ended when its policy goes: instead of just closing it, this runs, on its event loop. */
    void farewell(Channel client, Runnable last) {
        var tunnel = open.get(client.id());
        if (tunnel != null) {
            tunnel.farewell().set(last);
        }
    }

    /** Takes out a connection that was refused after all; it is still told why, but nothing flows through it. */
    void remove(Channel client) {
        open.remove(client.id());
    }

    int count() {
        return open.size();
    }

    /** Closes both ends of the chosen tunnels and waits until they are closed or the limit passed. Not for event loops. */
    void closeAll(LongPredicate generations, Duration limit) {
        var chosen = open.values().stream().filter(t -> generations.test(t.generation())).toList();
        var gone = new CountDownLatch(chosen.size() * 2);
        for (var tunnel : chosen) {
            tunnel.client().closeFuture().addListener(done -> gone.countDown());
            tunnel.upstream().closeFuture().addListener(done -> gone.countDown());
            tunnel.end();
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
