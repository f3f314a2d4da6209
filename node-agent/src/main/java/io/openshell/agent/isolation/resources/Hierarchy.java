package io.openshell.agent.isolation.resources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A mounted tree of control groups.
 *
 * @param version 1 or 2
 * @param root of the tree that is mounted; "/" outside containers
 * @param mount where it is mounted
 */
record Hierarchy(int version, String root, Path mount) {

    /**
     * Whether groups below the tree's top can have this controller. In version 2 the top of the machine's tree may always hand
     * one on; what a container takes for the top is an ordinary group, which may as long as no process is in it, or did already.
     */
    boolean handsOn(String controller) {
        if (version == 1 || Files.notExists(mount.resolve("cgroup.type"))) {
            return true; // only the machine's top has no type
        }
        try {
            return List.of(Files.readString(mount.resolve("cgroup.subtree_control")).trim().split(" ")).contains(controller)
                    || Files.readString(mount.resolve("cgroup.procs")).isBlank();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** The directory of the group that a {@code /proc/PID/cgroup} line names. */
    Path group(String named) {
        String below = !root.equals("/") && (named.equals(root) || named.startsWith(root + "/"))
                ? named.substring(root.length())
                : named;
        return mount.resolve(below.replaceFirst("^/+", "")).normalize();
    }
}
