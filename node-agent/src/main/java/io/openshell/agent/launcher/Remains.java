package io.openshell.agent.launcher;

import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Processes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Processes of a start that nobody took over. */
final class Remains {
    private static final long STOP_MILLIS = 10_000;

    private Remains() {}

    /** PID 1 and holder of a start that was written down, those that still run. */
    static List<Integer> of(RunRecord record) throws IOException {
        List<Integer> still = new ArrayList<>();
        for (ProcessMark mark : List.of(record.init(), record.holder())) {
            if (record.boot().equals(ProcFiles.bootId()) && mark.runs()) {
                still.add(mark.pid());
            }
        }
        return still;
    }

    /** Ends one of them; blocks until it has ended. */
    static void end(int pid) {
        int handle = Processes.handle(pid);
        try {
            Processes.signal(handle, Processes.SIGKILL);
            if (Fd.poll(new int[] {handle}, new int[] {Fd.POLLIN}, STOP_MILLIS)[0] == 0) {
                throw new KernelException("a sandbox's PID 1 did not end within 10 s", 110);
            }
            ProcessEnd.of(pid, handle);
        } finally {
            Fd.close(handle);
        }
    }
}
