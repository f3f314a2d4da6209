package io.openshell.agent.isolation.limits;

import io.openshell.agent.linux.Processes;

/** Limits of a workload. */
public final class ResourceLimits {
    private static final int CORE = 4;
    private static final int NPROC = 6;
    private static final int NOFILE = 7;
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
        Processes.limit(0, NPROC, PROCESSES, PROCESSES);
    }

    /** The open-file limit, which the agent itself needs higher; set directly after start. */
    public static void applyToWorkload(int pid) {
        Processes.limit(pid, NOFILE, FILES_SOFT, FILES_HARD);
    }
}
