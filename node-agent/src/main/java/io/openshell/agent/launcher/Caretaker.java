package io.openshell.agent.launcher;

import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.linux.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sandboxes that nobody can ever take over again: a small process beside them sees within seconds that the directory they
 * were written down in was removed. It ends by itself once nothing is written down there. Thread safe.
 */
final class Caretaker {
    private static final Logger LOG = LoggerFactory.getLogger(Caretaker.class);
    private static final String SHELL = "/bin/sh";
    private static final long LIMIT_MILLIS = 5_000;
    /** Numbers are looked at right before they are used; what is killed was started by an agent of this very directory. */
    private static final String SCRIPT = """
            family=$2
            { while set -- "$1" "$1"/sandboxes/*/run; [ -e "$2" ]; do sleep 2; done
              # A folder on which something is mounted cannot be removed; that all else was is seen from the note below.
              [ -e "$1/caretaker" ] && exit
              for p in /proc/[0-9]*; do
                tr '\\0' '\\n' < "$p/environ" | grep -qxF "OPENSHELL_KEPT_IN=$1" && kill -9 "${p#/proc/}"
              done
              sleep 1
              find /sys/fs/cgroup -depth -type d \\( -path "*/$family/*" -o -name "$family" \\) -exec rmdir {} \\;
              cd "$1" || exit
              here=$(pwd -P)
              while read -r _ _ _ _ at _; do
                at=$(printf %b "$at")
                case $at in "$here"/sandboxes/*/workspace) umount -l "$at"; rmdir "$at" "${at%/*}" ;; esac
              done < /proc/self/mountinfo
              cd / && rmdir "$here/sandboxes" "$here"
            } > /dev/null 2>&1 < /dev/null &
            echo $! > "$1/caretaker"
            """;
    private final Path directory;
    private final String groups;

    /** @param groups the name that the control groups of the directory's sandboxes are below */
    Caretaker(Path directory, String groups) {
        this.directory = directory;
        this.groups = groups;
    }

    /** What everything that is started from a directory carries in its environment. */
    static String mark(Path directory) {
        return "OPENSHELL_KEPT_IN=" + directory;
    }

    /** Starts it unless it is there. Without it sandboxes run as well, so a failure is only logged. */
    synchronized void ensure() {
        try {
            if (!runs()) {
                start();
            }
        } catch (IOException | KernelException e) {
            LOG.warn("nothing will end the sandboxes when their directory is removed: directory={} reason={}", directory, e.toString());
        }
    }

    private boolean runs() throws IOException {
        Path file = directory.resolve("caretaker");
        String pid = Files.exists(file) ? Files.readString(file).trim() : "";
        return pid.matches("[0-9]{1,9}") && ProcFiles.environment(Integer.parseInt(pid)).contains(own());
    }

    private void start() {
        try (Spawn spawn = new Spawn(List.of("sh", "-c", SCRIPT, "openshell-caretaker", directory.toString(), groups),
                List.of("PATH=/usr/bin:/bin", own())).streams("/dev/null").finish("/")) {
            int starter = spawn.run(List.of(SHELL), SHELL);
            int handle = Processes.handle(starter);
            Fd.poll(new int[] {handle}, new int[] {Fd.POLLIN}, LIMIT_MILLIS);
            Processes.reapBehind(handle);
            Fd.close(handle);
        }
    }

    private String own() {
        return "OPENSHELL_CARETAKER_OF=" + directory;
    }
}
