package io.openshell.agent.isolation.resources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which tree holds which controller on this machine. Found in what the kernel says, never assumed: a machine may have
 * version 2, version 1, or both with the controllers in either. Immutable.
 *
 * @param trees by controller
 */
record CgroupLayout(Map<String, Hierarchy> trees) {
    /** Those that hold shares. */
    static final List<String> CONTROLLERS = List.of("memory", "pids", "cpu");

    CgroupLayout {
        trees = Map.copyOf(trees);
    }

    /** Reads the machine's. */
    static CgroupLayout ofMachine() throws IOException {
        return of(Files.readAllLines(Path.of("/proc/self/mountinfo")), CgroupLayout::controllers);
    }

    /** What a version 2 tree offers. */
    interface Offered {
        String at(Path mount) throws IOException;
    }

    private static String controllers(Path mount) throws IOException {
        return Files.readString(mount.resolve("cgroup.controllers"));
    }

    static CgroupLayout of(List<String> mounts, Offered offered) throws IOException {
        Map<String, Hierarchy> found = new TreeMap<>();
        for (String line : mounts) {
            String[] halves = line.split(" - ", 2);
            if (halves.length < 2) {
                continue;
            }
            String[] where = halves[0].split(" ");
            String[] what = halves[1].split(" ");
            switch (what[0]) {
                case "cgroup" -> add(found, what[what.length - 1], ",", new Hierarchy(1, where[3], Path.of(where[4])));
                case "cgroup2" -> {
                    Hierarchy tree = new Hierarchy(2, where[3], Path.of(where[4]));
                    add(found, offered.at(tree.mount()).trim(), " ", tree);
                }
                default -> { }
            }
        }
        return new CgroupLayout(found);
    }

    private static void add(Map<String, Hierarchy> found, String names, String separator, Hierarchy tree) {
        Arrays.stream(names.split(separator)).forEach(name -> found.putIfAbsent(name, tree));
    }

    Optional<Hierarchy> tree(String controller) {
        return Optional.ofNullable(trees.get(controller));
    }

    /** The group of a process in each controller's tree, from the lines of its {@code /proc/PID/cgroup}. */
    Map<String, Path> groups(List<String> membership) {
        Map<String, Path> groups = new LinkedHashMap<>();
        for (String line : membership) {
            String[] parts = line.split(":", 3);
            boolean unified = parts[0].equals("0") && parts[1].isEmpty();
            List<String> names = unified ? List.copyOf(trees.keySet()) : List.of(parts[1].split(","));
            for (String name : names) {
                tree(name).filter(t -> (t.version() == 2) == unified)
                        .ifPresent(t -> groups.put(name, t.group(parts[2])));
            }
        }
        return groups;
    }

    static List<String> membership(int pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", pid == 0 ? "self" : Integer.toString(pid), "cgroup"));
    }
}
