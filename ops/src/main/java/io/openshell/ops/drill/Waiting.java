package io.openshell.ops.drill;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a limit. */
final class Waiting {

    private static final long STEP_MS = 20;

    private Waiting() {}

    /** Throws {@link DrillFailed} when it does not come true in time. */
    static void until(String what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                throw new DrillFailed("not within " + limit.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(STEP_MS));
        }
    }

    /** The drill could not be carried out, or found what must not be. */
    static final class DrillFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DrillFailed(String message) {
            super(message);
        }
    }
}
