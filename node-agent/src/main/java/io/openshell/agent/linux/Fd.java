package io.openshell.agent.linux;

/** Raw descriptors: pipes, terminals, reading, writing and waiting. */
public final class Fd {
    public static final int CWD = -100;
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_NOCTTY = 0x100;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_PATH = 0x200000;
    public static final int POLLIN = 1;
    public static final int POLLOUT = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int MFD_CLOEXEC = 1;
    private static final int TIOCSPTLCK = 0x40045431;
    private static final int TIOCGPTN = 0x80045430;
    private static final int TIOCSWINSZ = 0x5414;

    private Fd() {}

    /** Read end, write end; both close on exec. */
    public static int[] pipe(int flags) {
        try (Memory m = new Memory()) {
            long p = m.allocate(8);
            Native.check("pipe", Sys.PIPE2, p, O_CLOEXEC | flags);
            return new int[] {Memory.getInt(p), Memory.getInt(p + 4)};
        }
    }

    /** Opens a path on the calling thread's view; a negative result is a negated errno. */
    public static long open(String path, int flags, int mode) {
        try (Memory m = new Memory()) {
            return Native.call(Sys.OPENAT, CWD, m.text(path), flags | O_CLOEXEC, mode);
        }
    }

    /** Closes a descriptor; below zero means none. */
    public static void close(int fd) {
        if (fd >= 0) {
            Native.call(Sys.CLOSE, fd);
        }
    }

    /** Another descriptor for the same, numbered {@code lowest} or higher; closes on exec. */
    public static int copy(int fd, int lowest) {
        return (int) Native.check("copy descriptor", Sys.FCNTL, fd, F_DUPFD_CLOEXEC, lowest);
    }

    /** A file of these bytes that has no name and lives as long as a descriptor for it. */
    public static int nameless(byte[] bytes) {
        try (Memory m = new Memory()) {
            int fd = (int) Native.check("nameless file", Sys.MEMFD_CREATE, m.text("openshell"), MFD_CLOEXEC);
            long from = m.bytes(bytes);
            for (int done = 0; done < bytes.length; ) {
                done += (int) Native.check("write nameless file", Sys.WRITE, fd, from + done, bytes.length - done);
            }
            return fd;
        }
    }

    /** The file's bytes from its beginning, wherever others stand in it; at most {@code limit}. */
    public static byte[] contents(int fd, int limit) {
        try (Memory m = new Memory()) {
            long to = m.allocate(limit);
            int have = 0;
            long n = 1;
            while (n > 0 && have < limit) {
                n = Native.check("read file", Sys.PREAD64, fd, to + have, limit - have, have);
                have += (int) n;
            }
            return Memory.get(to, have);
        }
    }

    /** The st_mode of what the descriptor names. */
    public static int mode(int fd) {
        try (Memory m = new Memory()) {
            long st = m.allocate(256);
            Native.check("fstat", Sys.FSTAT, fd, st);
            return Memory.getInt(st + (System.getProperty("os.arch").equals("aarch64") ? 16 : 24));
        }
    }

    /** Waits for events; returns the events seen per descriptor, all zero after the time limit. Milliseconds; negative descriptors are skipped. */
    public static int[] poll(int[] fds, int[] events, long millis) {
        try (Memory m = new Memory()) {
            long p = m.allocate(8L * fds.length);
            for (int i = 0; i < fds.length; i++) {
                Memory.putInt(p + 8L * i, fds[i]);
                Memory.putShort(p + 8L * i + 4, events[i]);
            }
            long ts = m.allocate(16);
            Memory.putLong(ts, millis / 1000);
            Memory.putLong(ts + 8, millis % 1000 * 1_000_000);
            long n = Native.call(Sys.PPOLL, p, fds.length, ts, 0, 8);
            if (n < 0 && n != -Errno.EINTR) {
                throw new KernelException("ppoll", (int) -n);
            }
            int[] seen = new int[fds.length];
            for (int i = 0; n > 0 && i < fds.length; i++) {
                seen[i] = Memory.getShort(p + 8L * i + 6);
            }
            return seen;
        }
    }

    /** Unlocks a terminal's other side and returns its number. */
    public static int unlockTerminal(int master) {
        try (Memory m = new Memory()) {
            long p = m.allocate(4);
            Native.check("unlock terminal", Sys.IOCTL, master, TIOCSPTLCK, p);
            Native.check("terminal number", Sys.IOCTL, master, TIOCGPTN, p);
            return Memory.getInt(p);
        }
    }

    /** Sets a terminal's size. */
    public static void resize(int master, int cols, int rows) {
        try (Memory m = new Memory()) {
            long p = m.allocate(8);
            Memory.putShort(p, rows);
            Memory.putShort(p + 2, cols);
            Native.check("terminal size", Sys.IOCTL, master, TIOCSWINSZ, p);
        }
    }
}
