package io.openshell.agent.identity;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a process runs, and below whom.
 *
 * @param pid the process
 * @param executable path of its program
 * @param ancestors programs of its parents, nearest first
 * @param chain the parents themselves, in the same order
 */
record Program(int pid, String executable, List<String> ancestors, List<Integer> chain) {

    /** Whether policies cannot tell the two apart. */
    boolean isAlike(Program other) {
        return executable.equals(other.executable) && names().equals(other.names());
    }

    private Set<String> names() {
        Set<String> all = new HashSet<>(ancestors);
        all.add(executable);
        return all;
    }

    /** The process and its parents. */
    List<Integer> pids() {
        List<Integer> all = new ArrayList<>(chain.size() + 1);
        all.add(pid);
        all.addAll(chain);
        return all;
    }

    /** The program of {@link #pids()} with this index. */
    String path(int index) {
        return index == 0 ? executable : ancestors.get(index - 1);
    }
}
