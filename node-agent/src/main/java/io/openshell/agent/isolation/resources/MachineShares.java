package io.openshell.agent.isolation.resources;

import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.Shares;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Hands out this machine's shares to sandboxes. Thread safe. */
public final class MachineShares {
    private static final int PROCESSES = 2_048;
    private static final long TMPFS_BYTES = 1L << 30;
    private static final long LEAST_MEMORY = 512L << 20;
    private final CgroupLayout layout;
    private final Map<String, Path> parents;
    private final String family;
    private final String fault;
    private final Shares usual;

    private MachineShares(CgroupLayout layout, Map<String, Path> parents, String family, String fault, Shares usual) {
        this.layout = layout;
        this.parents = Map.copyOf(parents);
        this.family = family;
        this.fault = fault;
        this.usual = usual;
    }

    /**
     * What this machine has; never throws, since a machine without control groups still runs sandboxes.
     *
     * @param family name of the groups of one agent, different from every other agent's on the machine
     */
    public static MachineShares find(String family) {
        Shares usual = new Shares(0, usualMemory(), PROCESSES, TMPFS_BYTES);
        try {
            return of(CgroupLayout.ofMachine(), CgroupLayout.membership(0), family, usual);
        } catch (IOException | RuntimeException e) {
            return new MachineShares(new CgroupLayout(Map.of()), Map.of(), family, String.valueOf(e.getMessage()), usual);
        }
    }

    /**
     * On a machine with these trees.
     *
     * @param membership lines of the agent's {@code /proc/self/cgroup}
     */
    static MachineShares of(CgroupLayout layout, List<String> membership, String family, Shares usual) {
        Map<String, Path> own = layout.groups(membership);
        Map<String, Path> parents = new LinkedHashMap<>();
        own.keySet().retainAll(CgroupLayout.CONTROLLERS);
        own.forEach((controller, group) -> {
            Hierarchy tree = layout.tree(controller).orElseThrow();
            // A group of version 2 that has processes of its own cannot give controllers to groups below it.
            parents.put(controller, tree.version() == 2 ? tree.mount() : group);
        });
        return new MachineShares(layout, parents, family, "", usual);
    }

    private static long usualMemory() {
        try {
            long kilobytes = Files.readAllLines(Path.of("/proc/meminfo")).stream().filter(l -> l.startsWith("MemTotal:"))
                    .map(l -> l.replaceAll("[^0-9]", "")).mapToLong(Long::parseLong).findFirst().orElse(0);
            return Math.max(LEAST_MEMORY, kilobytes * 1024 / 2);
        } catch (IOException | RuntimeException e) {
            return 0; // not known, so not limited, which the layer then says
        }
    }

    /** The shares a sandbox has: what was asked for, the usual ones where nothing was. */
    public Shares granted(Shares asked) {
        return asked.or(usual);
    }

    /** The groups of a sandbox, whether they exist or not. */
    public ShareGroup group(String sandboxId) {
        Map<String, Path> groups = new LinkedHashMap<>();
        parents.forEach((controller, parent) -> groups.put(controller, parent.resolve(family).resolve(sandboxId)));
        return new ShareGroup(layout, groups);
    }

    /**
     * The groups of a sandbox that an earlier agent made, which may have had another place among the machine's groups than this
     * one.
     *
     * @param pid of the sandbox's main process
     */
    public ShareGroup found(String sandboxId, int pid) {
        Map<String, Path> groups = new LinkedHashMap<>();
        parents.forEach((controller, parent) -> groups.put(controller, parent.resolve(family).resolve(sandboxId)));
        try {
            layout.groups(CgroupLayout.membership(pid)).forEach((controller, group) -> {
                if (groups.containsKey(controller) && group.endsWith(Path.of(family, sandboxId))) {
                    groups.put(controller, group);
                }
            });
        } catch (IOException gone) {
            return new ShareGroup(layout, groups); // it has ended; its groups are where this agent would make them, or empty
        }
        return new ShareGroup(layout, groups);
    }

    /** Makes the groups of a sandbox with these shares. */
    public ShareGroup make(String sandboxId, Shares shares) {
        ShareGroup group = group(sandboxId);
        group.make(shares);
        return group;
    }

    /** The groups a running process is in, made by somebody else. */
    public ShareGroup of(int pid) throws IOException {
        return new ShareGroup(layout, layout.groups(CgroupLayout.membership(pid)));
    }

    /** Lets a process go on whose group somebody holds still; does nothing for one that runs or has ended. */
    public void thaw(int pid) throws IOException {
        List<String> membership;
        try {
            membership = CgroupLayout.membership(pid);
        } catch (IOException ended) {
            return;
        }
        Optional<Freezer> freezer = Freezer.of(layout.groups(membership), layout.trees());
        if (freezer.isPresent()) {
            freezer.get().thaw();
        }
    }

    /** A group that is there already, in a tree of version 2. */
    public static ShareGroup at(Path mount, Path group) {
        return new ShareGroup(new CgroupLayout(Map.of("pids", new Hierarchy(2, "/", mount))), Map.of("pids", group));
    }

    /** What can be enforced here. */
    public LayerReport layer() {
        List<String> missing = new ArrayList<>();
        for (String controller : CgroupLayout.CONTROLLERS) {
            if (!parents.containsKey(controller)) {
                missing.add(controller);
            } else if (!Files.isWritable(parents.get(controller))) {
                missing.add(controller + " (not writable)");
            } else if (!layout.tree(controller).orElseThrow().handsOn(controller)) {
                missing.add(controller + " (the group around the agent has processes of its own and cannot share it out)");
            }
        }
        if (missing.isEmpty()) {
            return new LayerReport.Enforced(LayerKind.RESOURCES, "control groups, " + versions());
        }
        return new LayerReport.Weakened(LayerKind.RESOURCES, "no limit of " + String.join(", ", missing)
                + (fault.isEmpty() ? "" : ": " + fault));
    }

    private String versions() {
        boolean one = layout.trees().values().stream().anyMatch(t -> t.version() == 1);
        boolean two = layout.trees().values().stream().anyMatch(t -> t.version() == 2);
        return one && two ? "versions 1 and 2" : one ? "version 1" : "version 2";
    }

    /**
     * What holds for a started process.
     *
     * @param ended whether it has ended by now: the kernel takes it out of its groups then
     */
    public static LayerReport layer(ShareGroup group, Shares shares, int pid, BooleanSupplier ended) {
        List<String> gaps = new ArrayList<>(group.gaps());
        try {
            if (!group.holds(pid) && !ended.getAsBoolean()) {
                gaps.add("the process is not in its control group");
            }
        } catch (IOException e) {
            if (!ended.getAsBoolean()) {
                gaps.add("its control group could not be read: " + e.getMessage());
            }
        }
        String held = (shares.memoryBytes() > 0 ? "memory " + (shares.memoryBytes() >> 20) + " MiB, " : "")
                + (shares.processes() > 0 ? shares.processes() + " processes, " : "")
                + (shares.cpuMillis() > 0 ? shares.cpuMillis() / 1000.0 + " processors" : "an equal share of the processors");
        return gaps.isEmpty()
                ? new LayerReport.Enforced(LayerKind.RESOURCES, held)
                : new LayerReport.Weakened(LayerKind.RESOURCES, String.join("; ", gaps));
    }
}
