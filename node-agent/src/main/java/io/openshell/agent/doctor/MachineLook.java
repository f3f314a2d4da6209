package io.openshell.agent.doctor;

import io.openshell.agent.capture.CaptureSupport;
import io.openshell.agent.isolation.landlock.Landlock;
import io.openshell.agent.isolation.resources.MachineShares;
import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.isolation.users.UserNamespaceLimits;
import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Sys;
import io.openshell.agent.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Looks at this host. Reads a few files and makes two calls that change nothing, and tries one thing in a network namespace of its own. */
final class MachineLook {
    private static final Map<String, Integer> CAPABILITIES = new TreeMap<>(Map.of("CHOWN", 0, "KILL", 5, "SETGID", 6, "SETUID", 7, "SETPCAP", 8,
            "NET_ADMIN", 12, "SYS_CHROOT", 18, "SYS_PTRACE", 19, "SYS_ADMIN", 21));
    private static final List<String> PROGRAMS = List.of("/bin/sh", "/usr/bin/sleep|/bin/sleep", "/dev/ptmx");
    private static final List<String> ENGINES = List.of("/var/run/docker.sock", "/run/podman/podman.sock");

    private MachineLook() {}

    static Machine look() {
        Map<String, String> status = status();
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        boolean linux = platform.startsWith("Linux ");
        return new Machine(platform, System.getProperty("os.version"), Standing.here(),
                lackingCapabilities(status.getOrDefault("CapEff", "0")), names(Path.of("/proc/self/ns")),
                linux ? Landlock.probe() : -Errno.ENOSYS, words(Path.of("/proc/sys/kernel/seccomp/actions_avail")),
                linux && Native.call(Sys.MOUNT_SETATTR, -1, 0, 0, 0, 0) != -Errno.ENOSYS,
                MachineShares.find("doctor").layer(), Workspace.obstacle(),
                linux ? CaptureSupport.probe() : new CaptureSupport.Absent("not Linux"), UserNamespaceLimits.ofMachine(), first(ENGINES), lackingPrograms());
    }

    private static Map<String, String> status() {
        Map<String, String> status = new TreeMap<>();
        for (String line : lines(Path.of("/proc/self/status"))) {
            int colon = line.indexOf(':');
            status.put(line.substring(0, Math.max(0, colon)), line.substring(colon + 1).trim());
        }
        return status;
    }

    private static List<String> lackingCapabilities(String effective) {
        long bits = Long.parseUnsignedLong(effective, 16);
        return CAPABILITIES.entrySet().stream().filter(c -> (bits & 1L << c.getValue()) == 0).map(Map.Entry::getKey).toList();
    }

    private static List<String> lackingPrograms() {
        List<String> lacking = new ArrayList<>();
        for (String program : PROGRAMS) {
            String[] places = program.split("\\|");
            if (first(List.of(places)).isEmpty()) {
                lacking.add(places[0]);
            }
        }
        return lacking;
    }

    private static String first(List<String> paths) {
        return paths.stream().filter(path -> Files.exists(Path.of(path))).findFirst().orElse("");
    }

    private static Set<String> words(Path file) {
        Set<String> words = new TreeSet<>();
        lines(file).forEach(line -> words.addAll(List.of(line.trim().split("\\s+"))));
        return words;
    }

    private static Set<String> names(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return new TreeSet<>(all.map(path -> path.getFileName().toString()).toList());
        } catch (IOException e) {
            return Set.of(); // not there, which is what is asked
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // not there, which is what is asked
        }
    }
}
