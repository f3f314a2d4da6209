package io.openshell.log.kafka;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Growing pauses between attempts of one thread: 50 ms, doubling to 2 s. */
final class Backoff {
    private static final long FIRST_MS = 50;
    private static final long MOST_MS = 2_000;
    private static final long SLICE_MS = 50;

    private long next = FIRST_MS;

    /** Pauses, or less when {@code over} becomes true. */
    void pause(BooleanSupplier over) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(next);
        while (!over.getAsBoolean() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SLICE_MS));
        }
        next = Math.min(MOST_MS, next * 2);
    }

    void reset() {
        next = FIRST_MS;
    }
}
