package io.openshell.ops.drill;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What gateways told their callers, by command id. Any thread. */
final class Ledger {

    /** A command that was acknowledged, accepted or refused, and its stream. */
    record Acknowledged(String stream, String what, boolean accepted) {}

    private final Map<String, Acknowledged> acknowledged = new ConcurrentHashMap<>();
    private final AtomicLong retries = new AtomicLong();
    private final AtomicLong givenUp = new AtomicLong();
    private volatile long slowestNanos;

    void acknowledged(String commandId, Acknowledged what, long nanos) {
        acknowledged.put(commandId, what);
        slowestNanos = Math.max(slowestNanos, nanos);
    }

    void retried() {
        retries.incrementAndGet();
    }

    void gaveUp() {
        givenUp.incrementAndGet();
    }

    Map<String, Acknowledged> all() {
        return Map.copyOf(acknowledged);
    }

    long retries() {
        return retries.get();
    }

    long givenUp() {
        return givenUp.get();
    }

    long slowestMs() {
        return slowestNanos / 1_000_000;
    }
}
