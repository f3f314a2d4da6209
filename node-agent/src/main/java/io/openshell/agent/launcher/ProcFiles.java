package io.openshell.agent.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads of the process list. */
final class ProcFiles {
    private ProcFiles() {}

    /** Start time in clock ticks since boot, which with the pid names a process for good; empty when there is none. */
    static Optional<String> startTime(int pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            // an ended process that nobody has reaped yet does not count
            return fields[0].equals("Z") ? Optional.empty() : Optional.of(fields[19]);
        } catch (NoSuchFileException e) {
            return Optional.empty();
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
