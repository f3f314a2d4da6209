package io.openshell.agent.launcher;

import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Signals to a process group whose leader somebody has reaped already, or will: its number alone proves nothing, so each
 * process is looked at, through a handle, before it is signalled.
 */
final class GroupSignal {
    private GroupSignal() {}

    /** To every process of the group that is in this PID namespace. */
    static void send(int group, String pidNamespace, int signo) {
        try {
            for (int pid : ProcFiles.all()) {
                if (belongs(pid, group, pidNamespace)) {
                    send(pid, group, pidNamespace, signo);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the processes of a group cannot be found", e);
        }
    }

    private static void send(int pid, int group, String pidNamespace, int signo) throws IOException {
        int handle;
        try {
            handle = Processes.handle(pid);
        } catch (KernelException e) {
            if (e.errno() == Errno.ESRCH) {
                return; // it has just ended
            }
            throw e;
        }
        try {
            if (belongs(pid, group, pidNamespace)) {
                Processes.signal(handle, signo);
            }
        } finally {
            Fd.close(handle);
        }
    }

    private static boolean belongs(int pid, int group, String pidNamespace) throws IOException {
        return ProcFiles.stat(pid).filter(s -> s.group() == group && !s.ended()).isPresent()
                && ProcFiles.namespace(pid, "pid").filter(pidNamespace::equals).isPresent();
    }
}
