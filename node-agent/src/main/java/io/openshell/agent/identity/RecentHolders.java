package io.openshell.agent.identity;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the sockets of the last connections were found: a program that opens one connection after the other has the next one most
 * often under the same number or the next. Guesses about where to look and nothing else; nothing is believed that the kernel does
 * not say again. Thread safe.
 */
final class RecentHolders {
    private static final int MOST = 3;

    private volatile List<SandboxProcesses.Holder> recent = List.of();

    /** Where to look first. */
    List<SandboxProcesses.Holder> guesses() {
        List<SandboxProcesses.Holder> guesses = new ArrayList<>(2 * MOST);
        for (var one : recent) {
            guesses.add(one);
            guesses.add(new SandboxProcesses.Holder(one.pid(), one.descriptor() + 1));
        }
        return guesses;
    }

    /** One was found here. Of two threads that say so at once, one may be forgotten. */
    void found(SandboxProcesses.Holder holder) {
        List<SandboxProcesses.Holder> next = new ArrayList<>(MOST);
        next.add(holder);
        for (var one : recent) {
            if (one.pid() != holder.pid() && next.size() < MOST) {
                next.add(one);
            }
        }
        recent = next;
    }
}
