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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A started process. One platform thread of its own moves its output and sees its end; a listener that blocks holds the process back. */
final class LinuxSession implements ProcessSession {
    private static final int CHUNK = 64 * 1024;
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long TICK_MILLIS = 200;
    /** For what nobody thought of: all that is awaited wakes the thread by itself, and each look costs every idle sandbox a wake-up. */
    private static final long IDLE_MILLIS = 60_000;
    private static final long LEAVE_MILLIS = 5_000;
    private final int pid;
    private final boolean child;
    private final boolean tty;
    private final int handle;
    private final OutputRing ring;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Object inputLock = new Object();
    private final Object reapLock = new Object();
    private int in;
    private int out;
    private int err;
    private volatile Optional<ProcessEnd> end = Optional.empty();
    private volatile boolean left;
    private boolean closed;
    private volatile @Nullable Thread mover;
    private Runnable beforeInputEnds = () -> {};
    private volatile String confinedTo = "";

    /** Takes over the descriptors; for a terminal {@code in} and {@code out} are the same and {@code err} is -1. */
    LinuxSession(int pid, int[] streams, boolean tty, boolean keepLatest) {
        this(pid, Processes.handle(pid), streams, tty, keepLatest, true);
    }

    /** The main process that an earlier agent started and that may have ended; the descriptors become the session's. */
    static LinuxSession adopted(int pid, int handle, int[] streams, boolean tty) {
        return new LinuxSession(pid, handle, streams, tty, true, false);
    }

    private LinuxSession(int pid, int handle, int[] streams, boolean tty, boolean keepLatest, boolean child) {
        this.pid = pid;
        this.child = child;
        this.in = streams[0];
        this.out = streams[1];
        this.err = streams[2];
        this.tty = tty;
        this.handle = handle;
        this.ring = new OutputRing(!keepLatest);
    }

    void start() {
        Thread t = new Thread(null, this::pump, "sandbox-output-" + pid, 256 * 1024);
        t.setDaemon(true);
        mover = t;
        t.start();
    }

    /** Its output begins with what is written there, and goes on to be written there. For before {@link #start} only. */
    void keepOutput(OutputJournal journal) throws IOException {
        ring.keep(journal);
    }

    /** In which PID namespace its descendants are. */
    void confinedTo(String pidNamespace) {
        confinedTo = pidNamespace;
    }

    /** Something else holds the program's input open, too, and lets go of it when this is called. */
    void beforeInputEnds(Runnable release) {
        synchronized (inputLock) {
            beforeInputEnds = release;
        }
    }

    /** Descriptors of input, output and error output; -1 for what is not there. For before {@link #start} only. */
    int[] streams() {
        return new int[] {in, out, err};
    }

    int handle() {
        return handle;
    }

    /** Stops looking after the process, which goes on; its end is not told. Returns when nothing is read any more. */
    void leave() throws InterruptedException {
        left = true;
        Thread t = mover;
        if (t == null) {
            return;
        }
        Wakeup.begin();
        try {
            t.join(LEAVE_MILLIS);
        } finally {
            Wakeup.end();
        }
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
                long p = m.allocate(Math.min(length, CHUNK));
                int taken = 0;
                while (taken < length) {
                    int piece = Math.min(CHUNK, length - taken);
                    Memory.put(p, bytes, offset + taken, piece);
                    writeAll(p, piece);
                    taken += piece;
                }
            }
        }
    }

    private void writeAll(long p, int length) {
        int done = 0;
        long last = System.nanoTime();
        while (done < length && end.isEmpty() && !left) {
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
            if (in >= 0) {
                beforeInputEnds.run();
            }
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
            if (end.isEmpty() && child) {
                // unreaped, so the number is still this process's and its group's
                long r = Native.call(Sys.KILL, -pid, signo);
                if (r < 0 && r != -Errno.ESRCH) {
                    throw new KernelException("kill", (int) -r);
                }
                return;
            }
        }
        GroupSignal.send(pid, confinedTo, signo);
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
            if (end.isEmpty() && !closed) {
                end = ProcessEnd.of(pid, handle);
            }
            return end.isPresent();
        }
    }

    private void pump() {
        try (Memory m = new Memory()) {
            long buffer = m.allocate(CHUNK);
            long drained = 0;
            boolean called = false;
            while (!left && (end.isEmpty() || ((out >= 0 || err >= 0) && drained < DRAIN_NANOS))) {
                boolean read = ring.accepts();
                boolean live = end.isEmpty();
                long before = System.nanoTime();
                // Who was called and not meant waits without listening for a tick, instead of being called over and over.
                int[] seen = Fd.poll(new int[] {read ? out : -1, read ? err : -1, live ? handle : -1, called ? -1 : Wakeup.FD},
                        new int[] {Fd.POLLIN, Fd.POLLIN, Fd.POLLIN, Fd.POLLIN}, live && read && !called ? IDLE_MILLIS : TICK_MILLIS);
                called = seen[3] != 0;
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
            ring.closeJournal();
            if (!left) {
                ring.end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            synchronized (inputLock) {
                Fd.close(in);
                in = -1;
            }
            if (!tty) {
                Fd.close(out);
                Fd.close(err);
            }
            synchronized (reapLock) {
                closed = true;
                Fd.close(handle);
            }
            if (!left) {
                end.ifPresent(e -> e.code().ifPresent(exit::complete));
                exit.completeExceptionally(new IllegalStateException("the process's end was not seen"));
            }
        }
    }
}
