package io.openshell.agent.launcher;

import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.linux.Sys;
import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.Subscription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A started process. One platform thread of its own moves its output and reaps it; a listener that blocks holds the process back. */
final class LinuxSession implements ProcessSession {
    private static final int CHUNK = 64 * 1024;
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long TICK_MILLIS = 200;
    private final int pid;
    private final boolean tty;
    private final int handle;
    private final OutputRing ring;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Object inputLock = new Object();
    private final Object reapLock = new Object();
    private int in;
    private int out;
    private int err;
    private volatile OptionalInt code = OptionalInt.empty();

    /** Takes over the descriptors; for a terminal {@code in} and {@code out} are the same and {@code err} is -1. */
    LinuxSession(int pid, int[] streams, boolean tty, boolean keepLatest) {
        this.pid = pid;
        this.in = streams[0];
        this.out = streams[1];
        this.err = streams[2];
        this.tty = tty;
        this.handle = Processes.handle(pid);
        this.ring = new OutputRing(!keepLatest);
    }

    void start() {
        Thread t = new Thread(null, this::pump, "sandbox-output-" + pid, 256 * 1024);
        t.setDaemon(true);
        t.start();
    }

    int pid() {
        return pid;
    }

    @Override
    public void writeInput(byte[] bytes, int offset, int length) {
        synchronized (inputLock) {
            if (in < 0 || length == 0) {
                return;
            }
            try (Memory m = new Memory()) {
                long p = m.allocate(length);
                Memory.put(p, bytes, offset, length);
                writeAll(p, length);
            }
        }
    }

    private void writeAll(long p, int length) {
        int done = 0;
        long last = System.nanoTime();
        while (done < length && code.isEmpty()) {
            long n = Native.call(Sys.WRITE, in, p + done, length - done);
            if (n >= 0) {
                done += (int) n;
                last = System.nanoTime();
            } else if (n == -Errno.EAGAIN || n == -Errno.EINTR) {
                if (System.nanoTime() - last > WRITE_NANOS) {
                    throw new UncheckedIOException(new IOException("the process took no input for 30 s"));
                }
                Fd.poll(new int[] {in}, new int[] {Fd.POLLOUT}, TICK_MILLIS);
            } else {
                return; // the process has closed its input
            }
        }
    }

    @Override
    public void closeInput() {
        if (tty) {
            writeInput(new byte[] {4}, 0, 1);
            return;
        }
        synchronized (inputLock) {
            Fd.close(in);
            in = -1;
        }
    }

    @Override
    public Subscription attach(OutputListener listener) {
        return ring.attach(listener);
    }

    @Override
    public void resize(int cols, int rows) {
        synchronized (inputLock) {
            if (tty && in >= 0) {
                Fd.resize(in, cols, rows);
            }
        }
    }

    @Override
    public void signal(int signo) {
        synchronized (reapLock) {
            if (code.isEmpty()) {
                // unreaped, so the number is still this process's and its group's
                long r = Native.call(Sys.KILL, -pid, signo);
                if (r < 0 && r != -Errno.ESRCH) {
                    throw new KernelException("kill", (int) -r);
                }
            }
        }
    }

    @Override
    public CompletionStage<Integer> exit() {
        return exit.copy();
    }

    @Override
    public boolean tty() {
        return tty;
    }

    /** Collects the exit code if the process has ended. */
    boolean reap() {
        synchronized (reapLock) {
            if (code.isEmpty()) {
                code = Processes.reap(pid);
            }
            return code.isPresent();
        }
    }

    private void pump() {
        try (Memory m = new Memory()) {
            long buffer = m.allocate(CHUNK);
            long drained = 0;
            while (code.isEmpty() || ((out >= 0 || err >= 0) && drained < DRAIN_NANOS)) {
                boolean read = ring.accepts();
                boolean live = code.isEmpty();
                long before = System.nanoTime();
                int[] seen = Fd.poll(new int[] {read ? out : -1, read ? err : -1, live ? handle : -1},
                        new int[] {Fd.POLLIN, Fd.POLLIN, Fd.POLLIN}, TICK_MILLIS);
                // Only waiting for the process counts: output that a slow listener has not taken yet is not given up.
                drained += live || !read ? 0 : System.nanoTime() - before;
                out = seen[0] == 0 ? out : move(out, OutputListener.Stream.STDOUT, buffer);
                err = seen[1] == 0 ? err : move(err, OutputListener.Stream.STDERR, buffer);
                if (live && seen[2] != 0) {
                    reap();
                }
            }
        } catch (RuntimeException | Error e) {
            exit.completeExceptionally(e);
        } finally {
            finish();
        }
    }

    /** Moves one piece; the result is the descriptor, or -1 after its end. */
    private int move(int fd, OutputListener.Stream stream, long buffer) {
        long n = Native.call(Sys.READ, fd, buffer, CHUNK);
        if (n > 0) {
            ring.add(stream, Memory.get(buffer, (int) n));
            return fd;
        }
        if (n == -Errno.EAGAIN || n == -Errno.EINTR) {
            return fd;
        }
        if (!tty) {
            Fd.close(fd);
        }
        return -1;
    }

    private void finish() {
        try {
            ring.end();
        } finally {
            synchronized (inputLock) {
                Fd.close(in);
                in = -1;
            }
            if (!tty) {
                Fd.close(out);
                Fd.close(err);
            }
            Fd.close(handle);
            code.ifPresent(exit::complete);
            exit.completeExceptionally(new IllegalStateException("the process's end was not seen"));
        }
    }
}
