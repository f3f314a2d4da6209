package io.openshell.agent.linux;

import java.util.OptionalInt;

/** Children of this agent: handles, signals and reaping. */
public final class Processes {
    public static final int SIGKILL = 9;
    private static final int P_PID = 1;
    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int CLD_EXITED = 1;
    private static final int INFO_BYTES = 64;
    private static final int INFO_STATUS = 60;
    private static final long INFO_EXIT = 1 << 3;
    /** Read and write 64 bytes, group 0xFF, number 11. */
    private static final long PIDFD_GET_INFO = 3L << 30 | (long) INFO_BYTES << 16 | 0xFF << 8 | 11;

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
        return reap(P_PID, pid);
    }

    private static OptionalInt reap(int kind, int which) {
        try (Memory m = new Memory()) {
            long info = m.allocate(128);
            long r = Native.call(Sys.WAITID, kind, which, info, WEXITED | WNOHANG, 0);
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

    /** Takes a copy of a descriptor out of another process's table. */
    public static int descriptor(int handle, int number) {
        return (int) Native.check("take descriptor over", Sys.PIDFD_GETFD, handle, number, 0);
    }

    /**
     * As {@link #reap}, for whatever process is behind the handle.
     *
     * @throws KernelException with ECHILD when it is somebody else's child
     */
    public static OptionalInt reapBehind(int handle) {
        return reap(P_PIDFD, handle);
    }

    /** How a process ended that somebody else has reaped meanwhile; empty before, and where the kernel does not keep it (before 6.15). */
    public static OptionalInt statusAfterReaping(int handle) {
        try (Memory m = new Memory()) {
            long info = m.allocate(INFO_BYTES);
            Memory.putLong(info, INFO_EXIT);
            long r = Native.call(Sys.IOCTL, handle, PIDFD_GET_INFO, info);
            boolean told = r == 0 && (Memory.getLong(info) & INFO_EXIT) != 0;
            return told ? OptionalInt.of(code(Memory.getInt(info + INFO_STATUS))) : OptionalInt.empty();
        }
    }

    /** The exit code, or 128 + signal, in a status as the kernel keeps it. */
    public static int code(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? status >> 8 & 0xff : 128 + signal;
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
