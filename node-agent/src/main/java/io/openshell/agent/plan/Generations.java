package io.openshell.agent.plan;

/**
 * Generations of a proxy's policy: numbers that only rise, out of which the revision that decides can be read. The low 32 bits
 * are its version, the next bit tells that it is one of the global policy, and the rest counts the times another kind of policy
 * took over. A sandbox that never saw a global policy has its versions as generations. Pure.
 */
public final class Generations {

    private static final int SOURCE_BIT = 32;
    private static final int SERIAL_BIT = 33;

    private Generations() {}

    /** The generation of a proxy that starts with this revision. */
    public static long first(boolean global, int version) {
        return of(0, global, version);
    }

    /** The generation of this revision when it follows on that generation; always above it. */
    public static long next(long current, boolean global, int version) {
        long serial = current >>> SERIAL_BIT;
        boolean rises = global(current) == global && version > version(current);
        return of(rises ? serial : serial + 1, global, version);
    }

    /** Number of the revision. */
    public static int version(long generation) {
        return (int) generation;
    }

    /** Whether it is a revision of the global policy. */
    public static boolean global(long generation) {
        return (generation >>> SOURCE_BIT & 1) == 1;
    }

    private static long of(long serial, boolean global, int version) {
        return serial << SERIAL_BIT | (global ? 1L << SOURCE_BIT : 0) | Integer.toUnsignedLong(version);
    }
}
