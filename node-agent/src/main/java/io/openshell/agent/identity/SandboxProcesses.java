package io.openshell.agent.identity;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The processes of one sandbox, through the process list mounted inside it: nothing of the host is in there. */
final class SandboxProcesses {
    private static final int MAX_ANCESTORS = 64;
    private static final int MAX_PROCESSES = 5000;
    private final Path proc;

    SandboxProcesses(int initPid) {
        this.proc = Path.of("/proc", Integer.toString(initPid), "root", "proc");
    }

    /** Every process that holds the socket. */
    List<Integer> holders(long inode) throws IOException {
        String wanted = "socket:[" + inode + "]";
        List<Integer> found = new ArrayList<>();
        int count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path p : all) {
                if (++count > MAX_PROCESSES) {
                    throw new IOException("too many processes to search");
                }
                if (holds(p, wanted)) {
                    found.add(Integer.parseInt(p.getFileName().toString()));
                }
            }
        }
        return found;
    }

    private static boolean holds(Path process, String wanted) {
        try (DirectoryStream<Path> fds = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path fd : fds) {
                if (wanted.equals(target(fd))) {
                    return true;
                }
            }
            return false;
        } catch (IOException | java.nio.file.DirectoryIteratorException gone) {
            return false; // ended meanwhile; if it was the only owner, nobody is found and the call is denied
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    Path exe(int pid) {
        return proc.resolve(Integer.toString(pid)).resolve("exe");
    }

    /** Parents, nearest first, up to but without PID 1. */
    List<Integer> ancestors(int pid) throws IOException {
        List<Integer> up = new ArrayList<>();
        for (int p = parent(pid); p > 1; p = parent(p)) {
            if (up.size() == MAX_ANCESTORS || up.contains(p)) {
                throw new IOException("too many ancestors");
            }
            up.add(p);
        }
        return up;
    }

    private int parent(int pid) throws IOException {
        for (String line : Files.readAllLines(proc.resolve(Integer.toString(pid)).resolve("status"))) {
            if (line.startsWith("PPid:")) {
                return Integer.parseInt(line.substring(5).trim());
            }
        }
        throw new IOException("no parent known");
    }

    /** Absolute paths on the command lines. */
    List<String> commandLinePaths(List<Integer> pids) throws IOException {
        Set<String> paths = new LinkedHashSet<>();
        for (int pid : pids) {
            for (String word : Files.readString(proc.resolve(Integer.toString(pid)).resolve("cmdline"), java.nio.charset.StandardCharsets.ISO_8859_1).split("\0")) {
                if (word.startsWith("/")) {
                    paths.add(word);
                }
            }
        }
        return List.copyOf(paths);
    }
}
