package io.openshell.bench;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param firstCreates starts from nothing
 * @param lifecycles sandboxes created and deleted one after the other
 * @param policies policy changes
 * @param execs programs run in a sandbox
 * @param idle sandboxes that are up for the memory figure
 * @param slices times the callers of commands get their turn
 * @param slice length of such a turn
 * @param processes starts of the command line
 */
public record Plan(int firstCreates, int lifecycles, int policies, int execs, int idle, int slices, Duration slice,
        int processes) {
    /** About a minute. */
    public static Plan quick() {
        return new Plan(1, 40, 40, 100, 5, 1, Duration.ofMillis(1500), 10);
    }

    /** About four minutes. */
    public static Plan full() {
        return new Plan(3, 250, 250, 500, 50, 4, Duration.ofSeconds(2), 40);
    }

    /** What is done before counting, for so many counted rounds. */
    public static int warmUp(int rounds) {
        return Math.max(5, rounds / 5);
    }
}
