package io.openshell.agent.isolation.resources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the processes of a control group are held still, by what the kernel says: whoever did it, engine or hand. Reads and
 * writes one file each time; thread safe.
 *
 * @param version of the tree
 */
public record Freezer(Path group, int version) {
    /** Its name in version 1, where it has a tree of its own. */
    static final String CONTROLLER = "freezer";

    /** The one of these groups that can be held still as a whole; empty when this machine has none. */
    static Optional<Freezer> of(Map<String, Path> groups, Map<String, Hierarchy> trees) {
        Path first = groups.get(CONTROLLER);
        if (first != null) {
            return Optional.of(new Freezer(first, 1));
        }
        return groups.entrySet().stream().filter(each -> trees.get(each.getKey()).version() == 2).findFirst()
                .map(each -> new Freezer(each.getValue(), 2));
    }

    /** Whether it is held, or just being held, also by a group above it; false for a tree's top, which cannot be, and one that is gone. */
    public boolean frozen() throws IOException {
        Path told = group.resolve(version == 1 ? "freezer.state" : "cgroup.events");
        try {
            return version == 1 ? !Files.readString(told).trim().equals("THAWED") : Files.readAllLines(told).contains("frozen 1");
        } catch (IOException e) {
            if (Files.notExists(told)) {
                return false;
            }
            throw e;
        }
    }

    /** Lets it go on when it is held; what holds a group above it is somebody else's to end. */
    public void thaw() throws IOException {
        if (frozen()) {
            Files.writeString(switchFile(), version == 1 ? "THAWED" : "0");
        }
    }

    /** What a person writes where to let it go on. */
    public String wayOut() {
        return "`echo " + (version == 1 ? "THAWED" : "0") + " > " + switchFile() + "`";
    }

    private Path switchFile() {
        return group.resolve(version == 1 ? "freezer.state" : "cgroup.freeze");
    }
}
