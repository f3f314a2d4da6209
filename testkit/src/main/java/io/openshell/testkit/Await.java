package io.openshell.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions instead of for time. */
public final class Await {

    private static final long PAUSE_MILLIS = 25;

    private Await() {}

    /**
     * Returns once the condition holds.
     *
     * @param situation asked for the error when it does not hold in time
     * @throws AssertionError when the limit passes first
     */
    public static void until(String what, Duration limit, BooleanSupplier condition, Supplier<String> situation) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit + ": " + what + "; " + situation.get());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for: " + what, e);
            }
        }
    }
}
