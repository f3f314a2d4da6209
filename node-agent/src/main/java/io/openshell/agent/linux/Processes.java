package io.openshell.agent.linux;

import java.util.OptionalInt;

/** Children of this agent: handles, signals and reaping. */
public final class Processes {
    public static final int SIGKILL = 9;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int CLD_EXITED = 1;

    private Processes() {}

    /** A handle that stays bound to this process. */
    public static int handle(int pid) {
        return (int) Native.check("pidfd_open", Sys.PIDFD_OPEN, pid, 0);
    }

    /** Signals through a handle; false when the process is gone. */
    public static boolean signal(int handle, int signo) {
        return Native.call(Sys.PIDFD_SEND_SIGNAL, handle, signo, 0, 0) == 0;
    }

    /** Reaps an ended child: its exit code or 128 + signal; empty while it runs. */
    public static OptionalInt reap(int pid) {
        try (Memory m = new Memory()) {
            long info = m.allocate(128);
            long r = Native.call(Sys.WAITID, P_PID, pid, info, WEXITED | WNOHANG, 0);
            if (r < 0) {
                throw new KernelException("waitid", (int) -r);
            }
            if (Memory.getInt(info + 16) == 0) {
                return OptionalInt.empty();
            }
            int status = Memory.getInt(info + 24);
            return OptionalInt.of(Memory.getInt(info + 8) == CLD_EXITED ? status : 128 + status);
        }
    }

    /** Reaps a process that has ended, if it is a child of this agent; an engine's processes are not. */
    public static void collect(int pid) {
        try (Memory m = new Memory()) {
            long r = Native.call(Sys.WAITID, P_PID, pid, m.allocate(128), WEXITED | WNOHANG, 0);
            if (r < 0 && r != -Errno.ECHILD) {
                throw new KernelException("waitid", (int) -r);
            }
        }
    }

    /** Sets a limit of a process; a hard limit above the present one is brought down to it. */
    public static void limit(int pid, int resource, long soft, long hard) {
        try (Memory m = new Memory()) {
            long old = m.allocate(16);
            long next = m.allocate(16);
            Native.check("prlimit", Sys.PRLIMIT64, pid, resource, 0, old);
            long ceiling = unsignedMin(hard, Memory.getLong(old + 8));
            Memory.putLong(next, unsignedMin(soft, ceiling));
            Memory.putLong(next + 8, ceiling);
            Native.check("prlimit", Sys.PRLIMIT64, pid, resource, next, 0);
        }
    }

    private static long unsignedMin(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? a : b;
    }
}
