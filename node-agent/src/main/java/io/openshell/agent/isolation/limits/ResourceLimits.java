package io.openshell.agent.isolation.limits;

import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.linux.Processes;
import java.util.ArrayList;
import java.util.List;

/** Limits of a workload. */
public final class ResourceLimits {
    private static final int CORE = 4;
    private static final int NPROC = 6;
    /** Processes per sandbox user. */
    public static final long PROCESSES = 4096;
    /** Open files: what programs start with, and how far they may raise it. */
    public static final long FILES_SOFT = 1024;
    public static final long FILES_HARD = 4096;

    private ResourceLimits() {}

    /**
     * Limits that must hold from the workload's first instruction, set on the agent because limits belong to a whole process. No core file
     * of an agent that holds secrets is wanted either; the process count does not bind root.
     */
    public static void applyToAgent() {
        Processes.limit(0, CORE, 0, 0);
        if (!Standing.here().inUserNamespace()) {
            Processes.limit(0, NPROC, PROCESSES, PROCESSES);
        }
    }

    /**
     * Bounds the processes of a workload that has not begun. For an agent that is no root: the same limit on itself would count its own
     * threads, where a sandbox has the agent's user id, and leave it none.
     */
    public static void applyTo(int pid, long processes) {
        long most = processes > 0 ? Math.min(processes, PROCESSES) : PROCESSES;
        Processes.limit(pid, NPROC, most, most);
    }

    /**
     * The command behind a shell that lowers the open-file limit and then becomes the command. The agent itself needs a higher limit, and a
     * limit set from outside would come after the workload's first instructions.
     */
    public static List<String> wrapped(List<String> command) {
        return wrapped(command, false);
    }

    /** As {@link #wrapped(List)}; a gated command first stops itself and goes on when somebody continues it. */
    public static List<String> wrapped(List<String> command, boolean gated) {
        List<String> all = new ArrayList<>(List.of("sh", "-c",
                (gated ? "kill -STOP $$; " : "") + "ulimit -Sn " + FILES_SOFT + " 2>/dev/null; ulimit -Hn " + FILES_HARD + " 2>/dev/null; exec \"$@\"", "sh"));
        all.addAll(command);
        return all;
    }
}
