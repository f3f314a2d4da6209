package io.openshell.proxy;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Closes a pair of connections on one event loop once neither moved a byte for the limit. */
final class IdleWatch {
    /** A peer that closed for good looks like one that only ended its sending, so half-open pairs are not kept for long. */
    private static final long HALF_OPEN_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Channel client;
    private final Channel upstream;
    private long limitNanos;
    private long last = System.nanoTime();

    private IdleWatch(Channel client, Channel upstream, Duration limit) {
        this.client = client;
        this.upstream = upstream;
        this.limitNanos = limit.toNanos();
    }

    static IdleWatch over(Channel client, Channel upstream, Duration limit) {
        var watch = new IdleWatch(client, upstream, limit);
        watch.look(limit.toNanos());
        return watch;
    }

    void touch() {
        last = System.nanoTime();
    }

    /** One direction has ended. */
    void halfOpen() {
        touch();
        if (limitNanos > HALF_OPEN_NANOS) {
            limitNanos = HALF_OPEN_NANOS;
            look(limitNanos);
        }
    }

    private void look(long in) {
        var next = client.eventLoop().schedule(this::expire, in, TimeUnit.NANOSECONDS);
        client.closeFuture().addListener(closed -> next.cancel(false));
    }

    private void expire() {
        long left = last + limitNanos - System.nanoTime();
        if (left > 0) {
            look(left);
        } else {
            client.close();
            upstream.close();
        }
    }
}
