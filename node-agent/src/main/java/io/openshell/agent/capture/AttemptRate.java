package io.openshell.agent.capture;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which attempts are looked into: not the same one again at once, and not more than a few each second. One thread at a time. */
final class AttemptRate {
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

    /** Starts full. */
    AttemptRate(long now) {
        refilled = now;
    }

    /** Whether to look into this one. Nanoseconds of a clock that only goes forward. */
    boolean take(Object same, long now) {
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
