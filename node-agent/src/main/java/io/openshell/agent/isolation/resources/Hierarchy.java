package io.openshell.agent.isolation.resources;

import java.nio.file.Path;

/**
 * A mounted tree of control groups.
 *
 * @param version 1 or 2
 * @param root of the tree that is mounted; "/" outside containers
 * @param mount where it is mounted
 */
record Hierarchy(int version, String root, Path mount) {

    /** The directory of the group that a {@code /proc/PID/cgroup} line names. */
    Path group(String named) {
        String below = !root.equals("/") && (named.equals(root) || named.startsWith(root + "/"))
                ? named.substring(root.length())
                : named;
        return mount.resolve(below.replaceFirst("^/+", "")).normalize();
    }
}
