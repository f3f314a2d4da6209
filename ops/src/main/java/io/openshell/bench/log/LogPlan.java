package io.openshell.bench.log;

/**
 * How much of the log is measured.
 *
 * @param events in the history
 * @param names of sandboxes they are about
 * @param behind events written after the snapshot was taken
 * @param replays of the whole history in one process
 * @param starts of processes with nothing in memory
 * @param failOvers gateways killed
 */
public record LogPlan(long events, int names, long behind, int replays, int starts, int failOvers) {
    /** Sandbox names of every plan: what a snapshot holds grows with them, not with the events. */
    private static final int NAMES = 25_000;

    /** Half of what lies between two snapshots of a gateway. */
    private static final long BEHIND = 25_000;

    /** A fifth of the history; about a minute. */
    public static LogPlan quick() {
        return new LogPlan(200_000, NAMES, BEHIND, 2, 1, 2);
    }

    /** A million events; about four minutes. */
    public static LogPlan usual() {
        return new LogPlan(1_000_000, NAMES, BEHIND, 5, 3, 10);
    }

    /** Ten million, for starts only. */
    public static LogPlan large() {
        return new LogPlan(10_000_000, NAMES, BEHIND, 0, 2, 0);
    }

    /** The number of events as a figure's name has it. */
    public String size() {
        return events % 1_000_000 == 0 ? events / 1_000_000 + " M events" : events / 1000 + " k events";
    }
}
