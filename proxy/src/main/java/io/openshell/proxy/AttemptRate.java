package io.openshell.proxy;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which refusals that a program can cause at will are looked into and recorded: not the same one again at once, and not more than ten
 * each second in the long run. Thread safe.
 */
public final class AttemptRate {
    private static final int BURST = 32;
    private static final long NANOS_EACH = 100_000_000L;
    private static final long SAME_NANOS = 5_000_000_000L;
    private static final int MOST_REMEMBERED = 128;
    private final Map<Object, Long> seen = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Long> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };
    private long left = BURST;
    private long refilled;

    /**
     * Starts full.
     *
     * @param now nanoseconds of a clock that only goes forward
     */
    public AttemptRate(long now) {
        refilled = now;
    }

    /**
     * Decides about one.
     *
     * @param same equal for attempts that are the same
     * @param now nanoseconds of the same clock
     * @return whether to look into it
     */
    public synchronized boolean take(Object same, long now) {
        Long before = seen.get(same);
        if (before != null && now - before < SAME_NANOS) {
            return false;
        }
        long earned = (now - refilled) / NANOS_EACH;
        left = Math.min(BURST, left + earned);
        refilled += earned * NANOS_EACH;
        if (left == 0) {
            return false;
        }
        left--;
        seen.remove(same);
        seen.put(same, now);
        return true;
    }
}
