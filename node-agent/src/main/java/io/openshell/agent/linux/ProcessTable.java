package io.openshell.agent.linux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A process list below one proc mount, read with few system calls and few objects: it stands in the way of every new connection.
 * For one look by one thread; close it. What has ended meanwhile is a {@link KernelException} or simply not there.
 */
public final class ProcessTable implements AutoCloseable {
    private static final int LIST_BYTES = 32 * 1024;
    private static final int TEXT_BYTES = 4 * 1024;
    private static final int NAME_BYTES = 64;
    private static final int NAME_AT = 19;
    private static final int BASIC_STATS = 0x7ff;
    private static final int SIZE = 0x200;
    private static final int INIT = 1;
    /** Where the kernel's list begins to be one of processes. */
    private static final int FIRST_PROCESS = 256;

    private final Memory memory = new Memory();
    private final long list = memory.allocate(LIST_BYTES);
    private final long text = memory.allocate(TEXT_BYTES);
    private final long name = memory.allocate(NAME_BYTES);
    private final int proc;
    private int looked;

    /**
     * Opens the list.
     *
     * @param path where it is mounted
     * @throws KernelException when it cannot be read
     */
    public ProcessTable(String path) {
        long fd = Fd.open(path, Fd.O_RDONLY, 0);
        if (fd < 0) {
            memory.close();
            throw new KernelException("open process list", (int) -fd);
        }
        proc = (int) fd;
    }

    /** Every process there is. What else is in the list, some sixty files before them, is left out where the kernel lets it. */
    public List<Integer> pids() {
        List<Integer> found = pidsFrom(FIRST_PROCESS);
        // Process 1 is always there and stands first: where it was skipped, others may have been.
        return !found.isEmpty() && found.getFirst() == INIT ? found : pidsFrom(0);
    }

    private List<Integer> pidsFrom(long position) {
        Native.check("list of processes", Sys.LSEEK, proc, position, 0);
        List<Integer> found = new ArrayList<>();
        for (int n = entries(proc); n > 0; n = entries(proc)) {
            for (int at = 0; at < n; at += length(at)) {
                int pid = number(list + at + NAME_AT);
                if (pid > 0) {
                    found.add(pid);
                }
            }
        }
        return found;
    }

    /** The descriptor under which a process has this socket open, or -1; one that has ended has nothing open. */
    public int descriptor(int pid, long inode) {
        byte[] wanted = link(inode);
        long fd = Native.call(Sys.OPENAT, proc, path(pid, "fd"), Fd.O_RDONLY | Fd.O_CLOEXEC, 0);
        if (fd < 0) {
            return -1;
        }
        try {
            for (int n = entries((int) fd); n > 0; n = entries((int) fd)) {
                for (int at = 0; at < n; at += length(at)) {
                    if (Memory.getByte(list + at + NAME_AT) != '.' && isLinkTo((int) fd, list + at + NAME_AT, wanted)) {
                        return number(list + at + NAME_AT);
                    }
                }
            }
            return -1;
        } finally {
            Fd.close((int) fd);
        }
    }

    /** Whether a process has this socket open under this descriptor. */
    public boolean holds(int pid, int descriptor, long inode) {
        return isLinkTo(proc, path(pid, "fd/" + descriptor), link(inode));
    }

    /** How many descriptors a process has open; 0 where the kernel does not tell (before 6.2) or the process has ended. */
    public long openFiles(int pid) {
        long r = Native.call(Sys.STATX, proc, path(pid, "fd"), 0, SIZE, text);
        return r < 0 ? 0 : Memory.getLong(text + 40);
    }

    /** How many descriptors have been looked at so far. */
    public int looked() {
        return looked;
    }

    private static byte[] link(long inode) {
        return ("socket:[" + inode + "]").getBytes(StandardCharsets.US_ASCII);
    }

    private boolean isLinkTo(int directory, long entry, byte[] wanted) {
        looked++;
        // One byte more than wanted is asked for, so that a longer text cannot look like it.
        long n = Native.call(Sys.READLINKAT, directory, entry, text, wanted.length + 1L);
        return n == wanted.length && Arrays.equals(Memory.get(text, wanted.length), wanted);
    }

    private int entries(int directory) {
        return (int) Math.max(0, Native.call(Sys.GETDENTS64, directory, list, LIST_BYTES));
    }

    private int length(int at) {
        return Memory.getShort(list + at + 16) & 0xffff;
    }

    /** The number a zero-terminated text is, or 0 when it is none. */
    private static int number(long at) {
        int value = 0;
        for (long p = at;; p++) {
            int c = Memory.getByte(p);
            if (c == 0) {
                return value;
            }
            if (c < '0' || c > '9') {
                return 0;
            }
            value = value * 10 + (c - '0');
        }
    }

    /** The text of the link to a process's program. */
    public String executable(int pid) {
        int n = (int) Native.check("program of a process", Sys.READLINKAT, proc, path(pid, "exe"), text, TEXT_BYTES);
        if (n == TEXT_BYTES) {
            throw new KernelException("program of a process", Errno.ENAMETOOLONG);
        }
        return new String(Memory.get(text, n), StandardCharsets.UTF_8);
    }

    /** What tells the file of a process's program from any other file and from itself after a change. */
    public String mark(int pid) {
        Native.check("file of a program", Sys.STATX, proc, path(pid, "exe"), 0, BASIC_STATS, text);
        StringBuilder mark = new StringBuilder(96);
        // Inode, size, then seconds and nanoseconds of the last changes, then the device.
        for (int at : new int[] {32, 40, 96, 112}) {
            mark.append(Memory.getLong(text + at)).append(' ');
        }
        for (int at : new int[] {104, 120, 136, 140}) {
            mark.append(Memory.getInt(text + at)).append(' ');
        }
        return mark.toString();
    }

    /** The process a process was started by. */
    public int parent(int pid) {
        String line = new String(contents(pid, "stat"), StandardCharsets.ISO_8859_1);
        // The name in brackets may hold anything, also brackets: the last one ends it; then follow a letter and the parent.
        int end = line.lastIndexOf(") ");
        String[] rest = end < 0 ? new String[0] : line.substring(end + 2).split(" ", 3);
        if (rest.length < 3) {
            throw new KernelException("parent of a process", Errno.ESRCH);
        }
        return Integer.parseInt(rest[1]);
    }

    /** The words a process was started with, each with a zero behind it; at most the first 4096 bytes. */
    public String commandLine(int pid) {
        return new String(contents(pid, "cmdline"), StandardCharsets.ISO_8859_1);
    }

    private byte[] contents(int pid, String file) {
        int fd = (int) Native.check("open " + file, Sys.OPENAT, proc, path(pid, file), Fd.O_RDONLY | Fd.O_CLOEXEC, 0);
        try {
            int n = (int) Native.check("read " + file, Sys.READ, fd, text, TEXT_BYTES);
            return Memory.get(text, n);
        } finally {
            Fd.close(fd);
        }
    }

    private long path(int pid, String file) {
        byte[] bytes = (pid + "/" + file + "\0").getBytes(StandardCharsets.US_ASCII);
        Memory.put(name, bytes, 0, bytes.length);
        return name;
    }

    @Override
    public void close() {
        Fd.close(proc);
        memory.close();
    }
}
