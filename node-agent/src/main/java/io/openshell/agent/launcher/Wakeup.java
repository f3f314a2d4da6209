package io.openshell.agent.launcher;

import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Sys;

/**
 * Wakes the threads of all sessions, so that none has to look from time to time whether it is to leave its process. One counter
 * (eventfd(2)) for the whole agent, since open files are what limits how many sandboxes it can have. Any thread.
 */
final class Wakeup {
    private static final int SEMAPHORE = 1;
    private static final int COUNTER_BYTES = 8;

    /** Can be read while somebody is being waited for. */
    static final int FD = (int) Native.check("event counter", Sys.EVENTFD2, 0, SEMAPHORE | Fd.O_CLOEXEC | Fd.O_NONBLOCK);

    private Wakeup() {}

    /** Wakes them until {@link #end} was called as often. */
    static void begin() {
        try (Memory m = new Memory()) {
            long one = m.allocate(COUNTER_BYTES);
            Memory.putLong(one, 1);
            Native.check("wake sessions", Sys.WRITE, FD, one, COUNTER_BYTES);
        }
    }

    static void end() {
        try (Memory m = new Memory()) {
            Native.check("let sessions sleep", Sys.READ, FD, m.allocate(COUNTER_BYTES), COUNTER_BYTES);
        }
    }
}
