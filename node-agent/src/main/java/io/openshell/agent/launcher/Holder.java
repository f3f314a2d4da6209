package io.openshell.agent.launcher;

import io.openshell.agent.isolation.capabilities.PrivilegeDrop;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.linux.Spawn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    private final ProcessMark mark;
    private final int handle;
    private final Map<String, Integer> held;

    private Holder(ProcessMark mark, int handle, Map<String, Integer> held) {
        this.mark = mark;
        this.handle = handle;
        this.held = Map.copyOf(held);
    }

    /** What a sandbox's holder is recognised by. */
    static String marker(String sandboxId) {
        return MARKER + sandboxId;
    }

    /** Starts one with copies of these descriptors; they stay the caller's to close. */
    static Holder start(SandboxFiles files, int uid, Map<String, Integer> descriptors) throws IOException {
        List<Integer> copies = new ArrayList<>();
        Map<String, Integer> held = new LinkedHashMap<>();
        try (Spawn spawn = new Spawn(List.of("sleep", "infinity"), List.of(marker(files.sandboxId()), files.mark()))) {
            for (var each : new TreeMap<>(descriptors).entrySet()) {
                held.put(each.getKey(), FIRST + copies.size());
                copies.add(Fd.copy(each.getValue(), ABOVE));
            }
            Starting thread = new Starting(spawn.streams("/dev/null").carry(copies).finish("/"), uid);
            thread.runToEnd();
            awaitMarker(thread.pid, marker(files.sandboxId()));
            return new Holder(ProcessMark.of(thread.pid), Processes.handle(thread.pid), held);
        } finally {
            copies.forEach(Fd::close);
        }
    }

    /** A started program is on its way for a moment before what it was started with can be read, by which it is recognised later. */
    private static void awaitMarker(int pid, String marker) throws IOException {
        for (int i = 0; i < LIMIT_MILLIS; i++) {
            if (ProcFiles.environment(pid).contains(marker)) {
                return;
            }
            Fd.poll(new int[] {-1}, new int[] {0}, 1);
        }
        throw new IOException("the process that keeps the streams open did not start");
    }

    /**
     * The one an earlier agent started.
     *
     * @throws IOException when it is gone or another process has its number
     */
    static Holder find(String sandboxId, int uid, ProcessMark mark, Map<String, Integer> held) throws IOException {
        int handle = Processes.handle(mark.pid());
        if (!mark.runs() || !ProcFiles.isUsersWith(mark.pid(), uid, marker(sandboxId))) {
            Fd.close(handle);
            throw new IOException("the process that kept its streams open is gone");
        }
        return new Holder(mark, handle, held);
    }

    ProcessMark mark() {
        return mark;
    }

    Map<String, Integer> held() {
        return held;
    }

    /** A descriptor of the agent's own for what is kept under this name; -1 when there is none. */
    int take(String name) {
        Integer number = held.get(name);
        return number == null ? -1 : Processes.descriptor(handle, number);
    }

    /** Ends it; what it kept is closed when this returns. */
    void end() {
        Processes.signal(handle, Processes.SIGKILL);
        Fd.poll(new int[] {handle}, new int[] {Fd.POLLIN}, LIMIT_MILLIS);
        ProcessEnd.of(mark.pid(), handle);
        Fd.close(handle);
    }

    /** Leaves it to the next agent. */
    void leave() {
        Fd.close(handle);
    }

    /** The thread that gives its privileges up before it starts the process, which therefore never has any. */
    private static final class Starting implements Runnable {
        private static final long DEADLINE_MILLIS = 10_000;
        private final Spawn spawn;
        private final int uid;
        private volatile int pid = -1;
        private volatile @Nullable Throwable failure;

        Starting(Spawn spawn, int uid) {
            this.spawn = spawn;
            this.uid = uid;
        }

        void runToEnd() throws IOException {
            Thread thread = new Thread(null, this, "sandbox-holder", 256 * 1024);
            thread.setDaemon(true);
            thread.start();
            try {
                thread.join(DEADLINE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            if (pid < 0) {
                throw new IOException("the process that keeps the streams open did not start", failure);
            }
        }

        @Override
        public void run() {
            try {
                PrivilegeDrop.apply(uid);
                PrivilegeDrop.noNewPrivileges();
                pid = spawn.run(List.of(PROGRAM), PROGRAM);
            } catch (KernelException | LinkageError e) {
                failure = e;
            }
        }
    }
}
