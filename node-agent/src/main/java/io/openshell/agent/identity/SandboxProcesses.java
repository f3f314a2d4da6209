package io.openshell.agent.identity;

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

    /** Every process that holds the socket. All are asked: two different programs may share one. */
    List<Holder> holders(long inode) throws IOException, LaterException {
        List<Integer> all = table.pids();
        if (all.size() > MAX_PROCESSES) {
            throw new IOException("too many processes to search");
        }
        List<Holder> found = new ArrayList<>(1);
        for (int pid : all) {
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

    boolean holds(Holder holder, long inode) {
        return table.holds(holder.pid(), holder.descriptor(), inode);
    }

    String executable(int pid) {
        return table.executable(pid);
    }

    String mark(int pid) {
        return table.mark(pid);
    }

    /** Where a process's program can be read, whatever has become of its name. */
    Path link(int pid) {
        return Path.of(place, Integer.toString(pid), "exe");
    }

    /** Parents, nearest first, up to but without PID 1. */
    List<Integer> ancestors(int pid) throws IOException {
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
