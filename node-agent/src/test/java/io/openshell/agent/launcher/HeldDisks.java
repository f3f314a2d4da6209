package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What workspaces with a size hold of this machine: mounts and loop devices. */
final class HeldDisks {

    private HeldDisks() {}

    /** Mounts this process sees on something below the directory. */
    static List<String> mounts(Path directory) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream().filter(line -> line.split(" ")[4].startsWith(directory + "/")).toList();
    }

    /** Files below the directory that are seen as disks. */
    static List<String> devices(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/sys/block"))) {
            return all.map(each -> text(each.resolve("loop/backing_file"))).filter(file -> file.startsWith(directory + "/")).toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).trim();
        } catch (IOException free) {
            return "";
        }
    }

    /** The kernel gives a device back a moment after its last mount. */
    static void awaitGivenBack(Path directory) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!devices(directory).isEmpty() || !mounts(directory).isEmpty()) {
            assertThat(System.nanoTime()).as("still held: %s %s", devices(directory), mounts(directory)).isLessThan(end);
            LockSupport.parkNanos(2_000_000);
        }
    }
}
