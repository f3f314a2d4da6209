package io.openshell.bench.scale;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What there is of the sandboxes of this process and its state folder, counted by kind. Others on the machine do not count: what
 * they do meanwhile is theirs.
 */
public final class Leftovers {
    private static final Path PROC = Path.of("/proc");
    private static final Path BLOCKS = Path.of("/sys/block");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private Leftovers() {}

    /**
     * Counts by kind: {@code processes} that carry the folder's name in their environment or are children of this one,
     * {@code namespaces} of those, {@code mounts} this process sees, {@code disks} that are files below the folder, control {@code groups} named after sandboxes of the folder, {@code
     * uids} given away, {@code files} below the folder, {@code descriptors} and {@code threads} of this process.
     *
     * @param groups the name which the agent's control groups are below
     */
    public static Map<String, Long> count(Path state, String groups) throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        Set<String> namespaces = new HashSet<>();
        counts.put("processes", processes(state, namespaces));
        counts.put("namespaces", (long) namespaces.size());
        counts.put("mounts", (long) Files.readAllLines(PROC.resolve("self/mountinfo")).size());
        counts.put("disks", disks(state));
        counts.put("groups", groups(groups));
        counts.put("uids", entries(state.resolve("uids")));
        counts.put("files", tree(state.resolve("sandboxes")));
        counts.put("descriptors", entries(PROC.resolve("self/fd")));
        counts.put("threads", entries(PROC.resolve("self/task")));
        return counts;
    }

    private static long processes(Path state, Set<String> namespaces) throws IOException {
        long found = 0;
        Set<Long> children = new HashSet<>(ProcessHandle.current().descendants().map(ProcessHandle::pid).toList());
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : all) {
                if (children.contains(Long.parseLong(process.getFileName().toString())) || marked(process, state)) {
                    found++;
                    namespacesOf(process, namespaces);
                }
            }
        }
        return found;
    }

    private static boolean marked(Path process, Path state) {
        try {
            return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)
                    .contains("OPENSHELL_KEPT_IN=" + state + "\0");
        } catch (IOException ended) {
            return false;
        }
    }

    private static void namespacesOf(Path process, Set<String> namespaces) {
        for (String kind : new String[] {"mnt", "net", "pid", "ipc", "uts"}) {
            try {
                String name = Files.readSymbolicLink(process.resolve("ns").resolve(kind)).toString();
                if (!name.equals(Files.readSymbolicLink(PROC.resolve("self/ns").resolve(kind)).toString())) {
                    namespaces.add(name);
                }
            } catch (IOException ended) {
                continue;
            }
        }
    }

    private static long disks(Path state) throws IOException {
        if (!Files.isDirectory(BLOCKS)) {
            return 0;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(BLOCKS, "loop*")) {
            long found = 0;
            for (Path each : all) {
                found += backedBelow(each.resolve("loop/backing_file"), state) ? 1 : 0;
            }
            return found;
        }
    }

    private static boolean backedBelow(Path note, Path state) {
        try {
            return Files.readString(note).startsWith(state + "/");
        } catch (IOException free) {
            return false;
        }
    }

    /** Each tree of control groups has the name somewhere below the group of this process. */
    private static long groups(String name) throws IOException {
        if (!Files.isDirectory(CGROUPS)) {
            return 0;
        }
        try (Stream<Path> all = Files.find(CGROUPS, 8, (path, kind) -> kind.isDirectory() && path.toString().contains("/" + name))) {
            return all.count();
        } catch (UncheckedIOException vanished) {
            return -1; // looked at while somebody removed a group; asked again
        }
    }

    private static long entries(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.count();
        }
    }

    private static long tree(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.count() - 1;
        }
    }
}
