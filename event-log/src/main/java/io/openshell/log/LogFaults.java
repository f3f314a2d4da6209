package io.openshell.log;

/** Hears of what goes wrong on the threads of the log. Called on those threads; must not block or throw. */
public interface LogFaults {
    /** The log gave trouble that is being retried with growing pauses, for example because the broker is away. */
    void trouble(String where, Throwable cause);

    /** Something that must not happen stopped a partition or a follower. It does not go on by itself. */
    void stopped(String where, Throwable cause);
}
