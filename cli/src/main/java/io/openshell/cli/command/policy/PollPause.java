package io.openshell.cli.command.policy;

import io.openshell.cli.CliException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Pauses between polls: short at first, longer later, until a limit. */
final class PollPause {
    private static final long FIRST_MS = 20;
    private static final long LONGEST_MS = 250;

    private final long deadline;
    private long pauseMs = FIRST_MS;

    PollPause(Duration limit) {
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    /** Pauses; false when the limit has passed. */
    boolean next() {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (leftMs <= 0) {
            return false;
        }
        try {
            TimeUnit.MILLISECONDS.sleep(Math.min(leftMs, pauseMs));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted while waiting");
        }
        pauseMs = Math.min(LONGEST_MS, pauseMs * 3 / 2);
        return true;
    }
}
