package io.openshell.agent.identity;

import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.ProcessTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The processes of one sandbox at one moment, through the process list mounted inside it: nothing of the host is in there. One
 * thread; close it.
 */
final class SandboxProcesses implements AutoCloseable {
    private static final int MAX_ANCESTORS = 64;
    private static final int MAX_PROCESSES = 5000;
    /** From how many on, finding out which program a process runs costs less than looking at them. */
    private static final int MANY_FILES = 32;

    private final String place;
    private final ProcessTable table;
    private final int mostLooks;

    /** A process that has a socket open, and as what. */
    record Holder(int pid, int descriptor) {}

    /**
     * @param initPid the sandbox's PID 1 as the agent sees it
     * @param mostLooks how many descriptors may be looked at
     */
    SandboxProcesses(int initPid, int mostLooks) {
        this.mostLooks = mostLooks;
        this.place = "/proc/" + initPid + "/root/proc";
        this.table = new ProcessTable(place);
    }

    /**
     * The processes that hold the socket, all of them that could make a difference: two different programs may share one. Of a
     * process with many files of its own that runs the program of one that was found already, nothing is searched.
     *
     * @param likely where to look first; each is true only when the kernel says so now
     */
    List<Holder> holders(long inode, List<Holder> likely) throws IOException, LaterException {
        List<Integer> all = table.pids();
        if (all.size() > MAX_PROCESSES) {
            throw new IOException("too many processes to search");
        }
        List<Holder> found = new ArrayList<>(1);
        for (Holder guess : likely) {
            if (found.isEmpty() && holds(guess, inode)) {
                found.add(guess);
            }
        }
        int guessed = found.isEmpty() ? 0 : found.getFirst().pid();
        for (int pid : all) {
            if (pid == guessed || !found.isEmpty() && table.openFiles(pid) > MANY_FILES && isAlike(pid, found.getFirst().pid())) {
                continue;
            }
            int descriptor = table.descriptor(pid, inode);
            if (descriptor >= 0) {
                found.add(new Holder(pid, descriptor));
            }
            if (table.looked() > mostLooks) {
                throw new LaterException();
            }
        }
        return found;
    }

    /** Of which nothing can be said, for example because its program's file is gone, is searched like any other. */
    private boolean isAlike(int pid, int other) {
        try {
            return program(pid).isAlike(program(other));
        } catch (IOException | KernelException unknown) {
            return false;
        }
    }

    /** How many descriptors were looked at. */
    int looked() {
        return table.looked();
    }

    /** What a process runs, and below whom, at this moment. */
    Program program(int pid) throws IOException {
        List<Integer> chain = ancestors(pid);
        List<String> ancestors = new ArrayList<>(chain.size());
        for (int p : chain) {
            ancestors.add(executable(p));
        }
        return new Program(pid, executable(pid), ancestors, chain);
    }

    boolean holds(Holder holder, long inode) {
        return table.holds(holder.pid(), holder.descriptor(), inode);
    }

    private String executable(int pid) throws IOException {
        String path = table.executable(pid);
        if (!path.startsWith("/") || path.endsWith(" (deleted)")) {
            throw new IOException("a program has no file any more");
        }
        return path;
    }

    String mark(int pid) {
        return table.mark(pid);
    }

    /** Where a process's program can be read, whatever has become of its name. */
    Path link(int pid) {
        return Path.of(place, Integer.toString(pid), "exe");
    }

    /** Parents, nearest first, up to but without PID 1. */
    private List<Integer> ancestors(int pid) throws IOException {
        List<Integer> up = new ArrayList<>();
        for (int p = table.parent(pid); p > 1; p = table.parent(p)) {
            if (up.size() == MAX_ANCESTORS || up.contains(p)) {
                throw new IOException("too many ancestors");
            }
            up.add(p);
        }
        return up;
    }

    /** Absolute paths on the command lines. */
    List<String> commandLinePaths(List<Integer> pids) {
        Set<String> paths = new LinkedHashSet<>();
        for (int pid : pids) {
            for (String word : table.commandLine(pid).split("\0")) {
                if (word.startsWith("/")) {
                    paths.add(word);
                }
            }
        }
        return List.copyOf(paths);
    }

    @Override
    public void close() {
        table.close();
    }
}
