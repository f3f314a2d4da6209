package io.openshell.agent.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads of the process list. */
final class ProcFiles {
    private static final long EXITING = 4;

    private ProcFiles() {}

    /** Start time in clock ticks since boot, which with the pid names a process for good; empty when there is none. */
    static Optional<String> startTime(int pid) throws IOException {
        // an ended process that nobody has reaped yet does not count
        return stat(pid).filter(fields -> !fields[0].equals("Z")).map(fields -> fields[19]);
    }

    /** Whether the process has stopped itself. */
    static boolean stopped(int pid) throws IOException {
        return stat(pid).filter(fields -> fields[0].equals("T")).isPresent();
    }

    /** Whether the process is being ended or is gone, also while others keep its last remains. */
    static boolean ending(int pid) throws IOException {
        return stat(pid).filter(fields -> !fields[0].equals("Z") && (Long.parseLong(fields[6]) & EXITING) == 0).isEmpty();
    }

    /** The fields of a stat file from the state on; empty when there is no such process. */
    private static Optional<String[]> stat(int pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
            return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return Optional.empty(); // it ended while it was read
            }
            throw e;
        }
    }

    /** A process of root that is the first of its PID namespace and was started with this line in its environment. */
    static Optional<Integer> initWith(String line) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (isInitWith(process, line)) {
                    return Optional.of(Integer.parseInt(process.getFileName().toString()));
                }
            }
            return Optional.empty();
        }
    }

    private static boolean isInitWith(Path process, String line) throws IOException {
        try {
            List<String> environment = List.of(Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1).split("\0"));
            if (!environment.contains(line)) {
                return false;
            }
            Map<String, String> status = status(Integer.parseInt(process.getFileName().toString()));
            return status.getOrDefault("NSpid", "").endsWith(" 1") && status.getOrDefault("Uid", "").startsWith("0 ");
        } catch (NoSuchFileException | AccessDeniedException e) {
            return false; // it ended, or is a kernel's or another user's
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return false; // it ended while it was read
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
