package io.openshell.agent.launcher;

import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Processes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Programs that callers had run in a sandbox through an earlier agent. Their callers are gone and nobody can read them any more:
 * they are asked to end, and killed after a while.
 */
final class Abandoned {
    private static final int SIGTERM = 15;
    private static final long GRACE_MILLIS = 2_000;

    private Abandoned() {}

    /** Ends them, with their process groups; returns at once. */
    static void end(RunRecord record) throws IOException {
        String namespace = record.namespaces().get("pid");
        List<Integer> leaders = new ArrayList<>();
        for (int pid : ProcFiles.all()) {
            if (pid != record.init().pid() && pid != record.main().pid() && entered(pid, namespace)) {
                leaders.add(pid);
            }
        }
        if (!leaders.isEmpty()) {
            Thread.ofPlatform().daemon().name("sandbox-abandoned").start(() -> leaders.forEach(leader -> end(leader, namespace)));
        }
    }

    /** Whether it is in there and its parent is not: it came in from outside. */
    private static boolean entered(int pid, String namespace) throws IOException {
        Optional<ProcFiles.Stat> stat = ProcFiles.stat(pid).filter(s -> !s.ended());
        return stat.isPresent() && ProcFiles.namespace(pid, "pid").filter(namespace::equals).isPresent()
                && ProcFiles.namespace(stat.get().parent(), "pid").filter(namespace::equals).isEmpty();
    }

    private static void end(int leader, String namespace) {
        int handle;
        try {
            handle = Processes.handle(leader);
        } catch (KernelException e) {
            if (e.errno() == Errno.ESRCH) {
                return; // it has just ended
            }
            throw e;
        }
        try {
            GroupSignal.send(leader, namespace, SIGTERM);
            Fd.poll(new int[] {handle}, new int[] {Fd.POLLIN}, GRACE_MILLIS);
            GroupSignal.send(leader, namespace, Processes.SIGKILL);
        } finally {
            Fd.close(handle);
        }
    }
}
