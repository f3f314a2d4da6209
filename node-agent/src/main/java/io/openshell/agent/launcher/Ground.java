package io.openshell.agent.launcher;

import io.openshell.agent.isolation.limits.ResourceLimits;
import io.openshell.agent.isolation.resources.Freezer;
import io.openshell.agent.isolation.resources.LimitCounters;
import io.openshell.agent.isolation.resources.MachineShares;
import io.openshell.agent.isolation.resources.ShareGroup;
import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.runtime.LimitHit;
import io.openshell.agent.workspace.WorkspaceSize;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.Shares;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The shares a sandbox has of the machine, and who tells why it was lost. Its group is made before the first process. */
final class Ground {
    private static final int SIGCONT = 18;
    private static final long STOPPED_TRIES = 5_000;
    private static final long TRY_MILLIS = 1;
    private final ShareGroup group;
    private final Shares shares;
    private final WorkspaceSize workspace;
    private final Supplier<String> whyLost;
    private final String wayOut;
    private final LimitCounters counters;
    private final Optional<Freezer> freezer;

    /**
     * On these groups.
     *
     * @param wayOut command that lets it go on when somebody has paused it; empty when that is not an engine's
     */
    Ground(ShareGroup group, Shares shares, WorkspaceSize workspace, Supplier<String> whyLost, String wayOut) {
        this.group = group;
        this.shares = shares;
        this.workspace = workspace;
        this.whyLost = whyLost;
        this.wayOut = wayOut;
        this.counters = group.counters();
        this.freezer = group.freezer();
    }

    /** Files the sealed thread writes itself into. */
    List<String> threadFiles() {
        return group.threadFiles();
    }

    /** Whether a new process has to hold still until it was put into the group. */
    boolean gated() {
        return Standing.here().inUserNamespace() || !group.processFiles().isEmpty();
    }

    /**
     * Puts a process that has stopped itself into the group and lets it go on, before it has run anything of the sandbox's.
     *
     * @throws IOException when it cannot be moved
     */
    void admit(int pid) throws IOException {
        if (!gated()) {
            return;
        }
        for (int i = 0; i < STOPPED_TRIES && !ProcFiles.stopped(pid); i++) {
            Fd.poll(new int[] {-1}, new int[] {0}, TRY_MILLIS);
        }
        if (Standing.here().inUserNamespace()) {
            // Ids shared with others are counted with theirs, so that only the common bound makes sense.
            ResourceLimits.applyTo(pid, Standing.here().sharesOwnId() ? 0 : shares.processes());
        }
        for (String file : group.processFiles()) {
            Files.writeString(Path.of(file), Integer.toString(pid));
        }
        int handle = Processes.handle(pid);
        try {
            if (!Processes.signal(handle, SIGCONT)) {
                throw new KernelException("the process ended before it was in its control group", 3);
            }
        } finally {
            Fd.close(handle);
        }
    }

    /** Gives the group back; nothing of the sandbox may run any more. */
    void remove() throws IOException {
        group.remove();
    }

    /**
     * What holds.
     *
     * @param pid of the main process
     * @param initPid of the first one
     */
    LayerReport layer(int pid, int initPid) {
        return workspace.over(MachineShares.layer(group, shares, pid, () -> ended(pid)), initPid);
    }

    private static boolean ended(int pid) {
        try {
            return ProcFiles.ending(pid);
        } catch (IOException unreadable) {
            return false;
        }
    }

    Map<String, String> readBack(int initPid) {
        Map<String, String> all = new TreeMap<>(group.readBack());
        all.putAll(workspace.readBack(initPid));
        return all;
    }

    List<LimitHit> news() {
        return counters.news();
    }

    /** What holds its processes still, and the way out; empty while they run. */
    Optional<String> paused() throws IOException {
        if (freezer.isEmpty() || !freezer.get().frozen()) {
            return Optional.empty();
        }
        return Optional.of(wayOut.isEmpty()
                ? "somebody outside holds its processes still; " + freezer.get().wayOut() + " lets them go on"
                : "its container was paused by somebody outside; " + wayOut + " lets it go on");
    }

    /** Lets its processes go on, so that they can be ended: held still in version 1, they do not even take a kill. */
    void thaw() throws IOException {
        if (freezer.isPresent()) {
            freezer.get().thaw();
        }
    }

    String whyLost() {
        return whyLost.get();
    }
}
