package io.openshell.gateway.grpc;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many commands one caller may send: a bucket of tokens each, filled steadily up to twice a second's worth. Bounded in
 * callers; the one silent longest is forgotten, and then has a full bucket. Any thread.
 */
public final class CommandRate {

    private static final int CALLERS = 4_096;
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Bucket {
        private double tokens;
        private long at;

        Bucket(double tokens, long at) {
            this.tokens = tokens;
            this.at = at;
        }
    }

    /** Lets each caller send this many commands a second for long, and twice as many at once; 0 means any number. */
    public CommandRate(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Takes one token of a caller; when there is none, the time until there is. Nanoseconds of a steady clock. */
    public synchronized Optional<Duration> take(String caller, long now) {
        if (perSecond == 0) {
            return Optional.empty();
        }
        Bucket bucket = buckets.computeIfAbsent(caller, c -> new Bucket(2 * perSecond, now));
        bucket.tokens = Math.min(2 * perSecond, bucket.tokens + Math.max(0, now - bucket.at) / NANOS * perSecond);
        bucket.at = now;
        if (buckets.size() > CALLERS) {
            buckets.remove(buckets.keySet().iterator().next());
        }
        if (bucket.tokens >= 1) {
            bucket.tokens--;
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos((long) Math.ceil((1 - bucket.tokens) / perSecond * NANOS)));
    }
}
