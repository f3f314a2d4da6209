package io.openshell.agent.isolation.seccomp;

import java.util.List;

/**
 * One line of the filter. The first entry of a call whose tests all hold decides; a call without such an entry does not exist for the
 * workload (ENOSYS).
 *
 * @param call the system call's name
 * @param when all must hold; empty for always
 * @param reason why the entry is there
 */
public record FilterEntry(String call, Action action, List<ArgumentCondition> when, String reason) {
    public FilterEntry {
        when = List.copyOf(when);
    }

    /** What becomes of the call. */
    public sealed interface Action {
        /** The kernel performs it. */
        record Allow() implements Action {}

        /** The kernel answers with this error number and does nothing. */
        record Refuse(int errno) implements Action {}
    }
}
