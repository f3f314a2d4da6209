package io.openshell.agent.advise;

import java.util.concurrent.TimeUnit;

/** How fast one sandbox may ask for rules, since every proposal stays in the log. Safe for any thread. */
final class ProposalRate {

    /** Proposals at once after a quiet time. */
    static final int BURST = 32;

    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private long fullAt;
    private boolean begun;

    /**
     * Takes one, if there is one left.
     *
     * @param now a monotonic clock, in nanoseconds
     * @return seconds until there is one again; 0 when it was taken
     */
    synchronized long take(long now) {
        if (!begun || fullAt - now < 0) {
            begun = true;
            fullAt = now;
        }
        long wait = fullAt - now - (BURST - 1) * EVERY_NANOS;
        if (wait > 0) {
            return 1 + TimeUnit.NANOSECONDS.toSeconds(wait);
        }
        fullAt += EVERY_NANOS;
        return 0;
    }
}
