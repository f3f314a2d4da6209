package io.openshell.agent.launcher;

import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The end of a process, of the agent's own child or of one that an earlier agent had started.
 *
 * @param code exit code, or 128 + signal; empty when nobody can tell any more
 */
record ProcessEnd(OptionalInt code) {
    private static final int LOOKS = 100;
    private static final int PAUSE_MILLIS = 10;

    /**
     * Whether and how it ended; an own child is reaped.
     *
     * @param handle of the process, opened before it was reaped
     */
    static Optional<ProcessEnd> of(int pid, int handle) {
        try {
            OptionalInt code = Processes.reapBehind(handle);
            return code.isPresent() ? Optional.of(new ProcessEnd(code)) : Optional.empty();
        } catch (KernelException e) {
            if (e.errno() != Errno.ECHILD) {
                throw e;
            }
        }
        boolean ended = Fd.poll(new int[] {handle}, new int[] {Fd.POLLIN}, 0)[0] != 0;
        return ended ? Optional.of(new ProcessEnd(foreign(pid, handle))) : Optional.empty();
    }

    /** Between its end and its reaping the process list has the status, afterwards the handle (where the kernel keeps it there). */
    private static OptionalInt foreign(int pid, int handle) {
        for (int i = 0; i < LOOKS; i++) {
            Optional<ProcFiles.Stat> stat = stat(pid).filter(ProcFiles.Stat::ended);
            if (stat.isPresent()) {
                return OptionalInt.of(Processes.code(stat.get().exitCode()));
            }
            OptionalInt kept = Processes.statusAfterReaping(handle);
            if (kept.isPresent() || stat(pid).isEmpty()) {
                return kept;
            }
            Fd.poll(new int[] {-1}, new int[] {0}, PAUSE_MILLIS);
        }
        return OptionalInt.empty();
    }

    private static Optional<ProcFiles.Stat> stat(int pid) {
        try {
            return ProcFiles.stat(pid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
