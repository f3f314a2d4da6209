package io.openshell.agent.isolation.resources;

import io.openshell.model.sandbox.Shares;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The control groups of one sandbox. Blocks for microseconds, {@link #remove} up to two seconds. */
public final class ShareGroup {
    private static final long REMOVE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final String FAMILY_SHARES = "16384";
    private final CgroupLayout layout;
    private final Map<String, Path> groups;
    private final List<String> gaps = new ArrayList<>();

    ShareGroup(CgroupLayout layout, Map<String, Path> groups) {
        this.layout = layout;
        this.groups = Map.copyOf(groups);
    }

    /** Makes the groups and sets the shares; what could not be set is in {@link #gaps}. */
    void make(Shares shares) {
        for (String controller : CgroupLayout.CONTROLLERS) {
            Path group = groups.get(controller);
            if (group == null) {
                gaps.add(controller + " has no control group here");
                continue;
            }
            try {
                enable(controller, group);
                set(controller, group, shares);
            } catch (AccessDeniedException e) {
                gaps.add(controller + ": this user has no control group to give of");
            } catch (IOException e) {
                gaps.add(controller + ": " + e.getMessage());
            }
        }
    }

    private void enable(String controller, Path group) throws IOException {
        if (version(controller) == 2) {
            Path mount = layout.tree(controller).orElseThrow().mount();
            List<Path> above = new ArrayList<>();
            for (Path p = group.getParent(); p != null && p.startsWith(mount); p = p.getParent()) {
                above.addFirst(p);
            }
            for (Path p : above) {
                Files.createDirectories(p);
                Files.writeString(p.resolve("cgroup.subtree_control"), "+" + controller);
            }
        }
        if (version(controller) == 1 && controller.equals("cpu") && !Files.isDirectory(group.getParent())) {
            Files.createDirectories(group.getParent());
            // All sandboxes together weigh as much as several threads of the agent beside them, not as much as one.
            Files.writeString(group.getParent().resolve("cpu.shares"), FAMILY_SHARES);
        }
        try {
            Files.createDirectories(group);
        } catch (NoSuchFileException e) {
            // The last other sandbox has just ended and taken the directory above with it.
            Files.createDirectories(group);
        }
    }

    private void set(String controller, Path group, Shares shares) throws IOException {
        for (ShareSettings.Setting setting : ShareSettings.of(controller, version(controller), shares)) {
            try {
                Files.writeString(group.resolve(setting.file()), setting.value());
            } catch (IOException e) {
                if (setting.required()) {
                    throw e;
                }
            }
        }
    }

    private int version(String controller) {
        return layout.tree(controller).orElseThrow().version();
    }

    /** What does not hold, in words. */
    public List<String> gaps() {
        return List.copyOf(gaps);
    }

    /**
     * Files a thread writes 0 into to be in the group from then on, with all it starts. Empty for trees in which only
     * whole processes can move, and without the tree that holds still: an agent whose thread is held stands still as a whole.
     */
    public List<String> threadFiles() {
        return files(controller -> version(controller) == 1 && !controller.equals(Freezer.CONTROLLER), "tasks");
    }

    /** Files a process id is written into to put that process into the group. */
    public List<String> processFiles() {
        return files(controller -> version(controller) == 2 || controller.equals(Freezer.CONTROLLER), "cgroup.procs");
    }

    private List<String> files(Predicate<String> controllers, String name) {
        Set<String> files = new LinkedHashSet<>();
        groups.forEach((controller, group) -> {
            if (controllers.test(controller) && Files.isDirectory(group)) {
                files.add(group.resolve(name).toString());
            }
        });
        return List.copyOf(files);
    }

    /** Whether the process is in all groups, by what the kernel says of it. */
    public boolean holds(int pid) throws IOException {
        Map<String, Path> now = layout.groups(CgroupLayout.membership(pid));
        return groups.entrySet().stream().filter(e -> Files.isDirectory(e.getValue())).allMatch(e -> e.getValue().equals(now.get(e.getKey())));
    }

    /** The shares as the kernel has them. */
    public Map<String, String> readBack() {
        Map<String, String> facts = new LinkedHashMap<>();
        groups.forEach((controller, group) -> {
            if (!CgroupLayout.CONTROLLERS.contains(controller) || !Files.isDirectory(group)) {
                return;
            }
            for (ShareSettings.Setting s : ShareSettings.of(controller, version(controller), new Shares(1000, 1, 1, 1))) {
                try {
                    if (s.required()) {
                        facts.put("cgroup." + s.file(), Files.readString(group.resolve(s.file())).trim());
                    }
                } catch (IOException e) {
                    facts.put("cgroup." + s.file(), "unreadable");
                }
            }
        });
        return facts;
    }

    /** Tells whether its processes are held still; empty where no group of it can be. */
    public Optional<Freezer> freezer() {
        return Freezer.of(groups, layout.trees());
    }

    /** Counts of what was refused. */
    public LimitCounters counters() {
        return new LimitCounters(groups, layout.trees());
    }

    /**
     * Removes the groups, and what is above them once nothing is left there.
     *
     * @throws IOException when processes are in one still after two seconds
     */
    public void remove() throws IOException {
        long end = System.nanoTime() + REMOVE_NANOS;
        for (Path group : new LinkedHashSet<>(groups.values())) {
            while (!removed(group)) {
                if (System.nanoTime() > end) {
                    throw new IOException("control group " + group + " is still in use");
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            removed(group.getParent());
        }
    }

    private static boolean removed(Path group) {
        try {
            Files.deleteIfExists(group);
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        } catch (FileSystemException e) {
            return false; // busy: a process of it has not been collected yet, or another sandbox has its group beside it
        } catch (IOException e) {
            return false;
        }
    }
}
