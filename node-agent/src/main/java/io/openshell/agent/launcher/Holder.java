package io.openshell.agent.launcher;

import io.openshell.agent.isolation.capabilities.PrivilegeDrop;
import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.linux.Spawn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A process that does nothing but keep descriptors open: what an agent had of a sandbox is still there for the next one when
 * this one ends, however it ends. It runs outside of the sandbox under a user id that nothing else has.
 */
final class Holder {
    private static final String PROGRAM = "/bin/sleep";
    private static final String MARKER = "OPENSHELL_HOLDER_OF=";
    private static final int FIRST = 3;
    private static final int ABOVE = 64;
    private static final long LIMIT_MILLIS = 10_000;
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private final ProcessMark mark;
    private final Map<String, Integer> held;

    private Holder(ProcessMark mark, Map<String, Integer> held) {
        this.mark = mark;
        this.held = Map.copyOf(held);
    }

    /** What a sandbox's holder is recognised by. */
    static String marker(String sandboxId) {
        return MARKER + sandboxId;
    }

    /** Begins to start one with copies of these descriptors; they stay the caller's to close, at once if he likes. */
    static Beginning begin(SandboxFiles files, int uid, Map<String, Integer> descriptors) {
        List<Integer> copies = new ArrayList<>();
        Map<String, Integer> held = new LinkedHashMap<>();
        try {
            for (var each : new TreeMap<>(descriptors).entrySet()) {
                held.put(each.getKey(), FIRST + copies.size());
                copies.add(Fd.copy(each.getValue(), ABOVE));
            }
            Spawn spawn = new Spawn(List.of("sleep", "infinity"), List.of(marker(files.sandboxId()), files.mark()));
            Beginning beginning = new Beginning(spawn, uid, marker(files.sandboxId()), copies, held);
            beginning.thread.start();
            return beginning;
        } catch (RuntimeException e) {
            copies.forEach(Fd::close);
            throw e;
        }
    }

    /** A started program is on its way for a moment before what it was started with can be read, by which it is recognised later. */
    private static void awaitMarker(int pid, String marker) throws IOException {
        for (long begun = System.nanoTime(); System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS); ) {
            if (ProcFiles.environment(pid).contains(marker)) {
                return;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        throw new IOException("the process that keeps the streams open did not start");
    }

    /**
     * The one an earlier agent started.
     *
     * @throws IOException when it is gone or another process has its number
     */
    static Holder find(String sandboxId, int uid, ProcessMark mark, Map<String, Integer> held) throws IOException {
        if (!mark.runs() || !ProcFiles.isUsersWith(mark.pid(), uid, marker(sandboxId))) {
            throw new IOException("the process that kept its streams open is gone");
        }
        return new Holder(mark, held);
    }

    ProcessMark mark() {
        return mark;
    }

    Map<String, Integer> held() {
        return held;
    }

    /**
     * A descriptor of the agent's own for what is kept under this name; -1 when there is none.
     *
     * @throws IOException when the process is gone
     */
    int take(String name) throws IOException {
        Integer number = held.get(name);
        return number == null ? -1 : behindHandle(handle -> Processes.descriptor(handle, number))
                .orElseThrow(() -> new IOException("the process that kept its streams open is gone"));
    }

    /** Ends it; what it kept is closed when this returns. */
    void end() {
        try {
            behindHandle(handle -> killed(mark.pid(), handle));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int killed(int pid, int handle) {
        Processes.signal(handle, Processes.SIGKILL);
        Fd.poll(new int[] {handle}, new int[] {Fd.POLLIN}, LIMIT_MILLIS);
        ProcessEnd.of(pid, handle);
        return 0;
    }

    /** With a handle of the process, kept only meanwhile: an open file less for each sandbox. Empty when it is gone. */
    private OptionalInt behindHandle(IntUnaryOperator work) throws IOException {
        int handle;
        try {
            handle = Processes.handle(mark.pid());
        } catch (KernelException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
            return OptionalInt.empty();
        }
        try {
            // The number meant this process when it was opened if it means it now.
            return mark.there() ? OptionalInt.of(work.applyAsInt(handle)) : OptionalInt.empty();
        } finally {
            Fd.close(handle);
        }
    }

    /** One that is being started, by a thread that gives its privileges up first: the process never has any. */
    static final class Beginning implements Runnable {
        private static final long DEADLINE_MILLIS = 10_000;
        private final Thread thread = new Thread(null, this, "sandbox-holder", 256 * 1024);
        private final Spawn spawn;
        private final int uid;
        private final String marker;
        private final List<Integer> copies;
        private final Map<String, Integer> held;
        private volatile int pid = -1;
        private volatile @Nullable Throwable failure;

        private Beginning(Spawn spawn, int uid, String marker, List<Integer> copies, Map<String, Integer> held) {
            this.spawn = spawn;
            this.uid = uid;
            this.marker = marker;
            this.copies = List.copyOf(copies);
            this.held = held;
            thread.setDaemon(true);
        }

        /** Waits until it runs and can be recognised. */
        Holder await() throws IOException {
            try {
                thread.join(DEADLINE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } finally {
                copies.forEach(Fd::close); // the thread has a descriptor table of its own, in which these are not
            }
            if (pid < 0) {
                throw new IOException("the process that keeps the streams open did not start", failure);
            }
            try {
                awaitMarker(pid, marker);
                return new Holder(ProcessMark.of(pid), held);
            } catch (IOException | RuntimeException e) {
                int handle = Processes.handle(pid);
                killed(pid, handle);
                Fd.close(handle);
                throw e;
            }
        }

        @Override
        public void run() {
            try (spawn) {
                PrivilegeDrop.apply(uid);
                PrivilegeDrop.noNewPrivileges();
                pid = spawn.streams("/dev/null").carry(copies).inOwnTable().finish("/").run(List.of(PROGRAM), PROGRAM);
            } catch (KernelException | LinkageError e) {
                failure = e;
            }
        }
    }
}
