package io.openshell.agent.linux;

import java.util.Arrays;

/** Waits for many descriptors at once. Adding and removing are safe while another thread waits. */
public final class EventPoll implements AutoCloseable {
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MOST_EVENTS = 64;
    /** On x86-64 the number follows the events at once. */
    private static final int TOKEN_AT = System.getProperty("os.arch").equals("aarch64") ? 8 : 4;
    private static final int EVENT_BYTES = TOKEN_AT + 8;
    private final int fd = (int) Native.check("event poll", Sys.EPOLL_CREATE1, Fd.O_CLOEXEC);

    /** Waits for something to read there as well, told by {@code token}. */
    public void add(int other, int token) {
        try (Memory m = new Memory()) {
            long event = m.allocate(16);
            Memory.putInt(event, Fd.POLLIN);
            Memory.putLong(event + TOKEN_AT, token);
            Native.check("watch descriptor", Sys.EPOLL_CTL, fd, ADD, other, event);
        }
    }

    /** Waits for it no more. */
    public void remove(int other) {
        try (Memory m = new Memory()) {
            Native.call(Sys.EPOLL_CTL, fd, DELETE, other, m.allocate(16));
        }
    }

    /** The tokens of those that have something to read; none after {@code millis}. */
    public int[] await(long millis) {
        try (Memory m = new Memory()) {
            long events = m.allocate((long) MOST_EVENTS * EVENT_BYTES);
            long n = Native.call(Sys.EPOLL_PWAIT, fd, events, MOST_EVENTS, millis, 0, 8);
            if (n < 0 && n != -Errno.EINTR) {
                throw new KernelException("wait for events", (int) -n);
            }
            int[] tokens = new int[MOST_EVENTS];
            for (int i = 0; i < n; i++) {
                tokens[i] = (int) Memory.getLong(events + (long) i * EVENT_BYTES + TOKEN_AT);
            }
            return Arrays.copyOf(tokens, (int) Math.max(0, n));
        }
    }

    @Override
    public void close() {
        Fd.close(fd);
    }
}
