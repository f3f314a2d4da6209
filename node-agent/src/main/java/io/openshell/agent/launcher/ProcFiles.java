package io.openshell.agent.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads of the process list. */
final class ProcFiles {
    private static final long EXITING = 4;

    private ProcFiles() {}

    /**
     * One line of the process list.
     *
     * @param state one letter
     * @param flags of the kernel
     * @param start clock ticks since boot, which with the pid names a process for good
     * @param exitCode status as the kernel keeps it, once it ended
     */
    record Stat(char state, int parent, int group, long flags, String start, int exitCode) {
        /** Nobody has reaped it yet. */
        boolean ended() {
            return state == 'Z' || state == 'X';
        }
    }

    /** The line of a process, ended or not; empty when there is none. */
    static Optional<Stat> stat(int pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            String[] f = stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ");
            return Optional.of(new Stat(f[0].charAt(0), Integer.parseInt(f[1]), Integer.parseInt(f[2]), Long.parseLong(f[6]), f[19],
                    Integer.parseInt(f[49])));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return Optional.empty(); // it ended while it was read
            }
            throw e;
        }
    }

    /** Start time of a process that runs; one that ended and was not reaped yet does not count. */
    static Optional<String> startTime(int pid) throws IOException {
        return stat(pid).filter(s -> !s.ended()).map(Stat::start);
    }

    /** Whether the process has stopped itself. */
    static boolean stopped(int pid) throws IOException {
        return stat(pid).filter(s -> s.state() == 'T').isPresent();
    }

    /** Whether the process is being ended or is gone, also while others keep its last remains. */
    static boolean ending(int pid) throws IOException {
        return stat(pid).filter(s -> !s.ended() && (s.flags() & EXITING) == 0).isEmpty();
    }

    /** Tells one start of the machine from all others. */
    static String bootId() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim();
    }

    /** Ids of all processes there are. */
    static List<Integer> all() throws IOException {
        List<Integer> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            processes.forEach(p -> found.add(Integer.parseInt(p.getFileName().toString())));
        }
        return found;
    }

    /** What a namespace of a process is called, as in {@code net:[4026531840]}; empty when it is gone or above this agent. */
    static Optional<String> namespace(int pid, String kind) throws IOException {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc", Integer.toString(pid), "ns", kind)).toString());
        } catch (NoSuchFileException | AccessDeniedException e) {
            return Optional.empty();
        }
    }

    /** Whether it is a process of this user that is the first of its PID namespace and was started with this line. */
    static boolean isInitWith(int pid, int uid, String line) throws IOException {
        return environment(pid).contains(line) && hasStatus(pid, "NSpid", ".* 1") && hasStatus(pid, "Uid", uid + " .*");
    }

    /** Whether it is a process of this user and was started with this line in its environment. */
    static boolean isUsersWith(int pid, int uid, String line) throws IOException {
        return environment(pid).contains(line) && hasStatus(pid, "Uid", (uid + " ").repeat(4).trim());
    }

    private static boolean hasStatus(int pid, String name, String pattern) throws IOException {
        try {
            return status(pid).getOrDefault(name, "").matches(pattern);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** The control groups of a process, as the kernel lists them; empty when it is gone. */
    static String groups(int pid) throws IOException {
        try {
            return Files.readString(Path.of("/proc", Integer.toString(pid), "cgroup"));
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return "";
            }
            throw e;
        }
    }

    /** What a process was started with; nothing when it ended, or is the kernel's. */
    static List<String> environment(int pid) throws IOException {
        try {
            Path file = Path.of("/proc", Integer.toString(pid), "environ");
            return List.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\0"));
        } catch (NoSuchFileException | AccessDeniedException e) {
            return List.of();
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return List.of(); // it ended while it was read
            }
            throw e;
        }
    }

    /** The lines of a status file by name, white space collapsed. */
    static Map<String, String> status(int pid) throws IOException {
        Map<String, String> m = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("/proc", Integer.toString(pid), "status"))) {
            int colon = line.indexOf(':');
            m.put(line.substring(0, colon), line.substring(colon + 1).trim().replaceAll("\\s+", " "));
        }
        return m;
    }
}
