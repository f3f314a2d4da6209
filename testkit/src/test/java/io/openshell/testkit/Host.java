package io.openshell.testkit;

import io.openshell.agent.launcher.LinuxRuntime;
import io.openshell.agent.launcher.LinuxSettings;
import io.openshell.model.isolation.LayerReport;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What this machine can do, and what is found on it. */
final class Host {

    private Host() {}

    /** Skips the test, with the reason, where sandboxes cannot be isolated. */
    static void assumeSandboxes() {
        List<LayerReport> absent = new LinuxRuntime(LinuxSettings.at(Path.of(System.getProperty("java.io.tmpdir"), "none")))
                .preflight().stream().filter(LayerReport.Absent.class::isInstance).toList();
        Assumptions.assumeTrue(absent.isEmpty(), "needs root, namespaces and Landlock: " + absent);
    }

    /** Skips the test, with the reason, where this program is missing. */
    static void assumeProgram(String path) {
        Assumptions.assumeTrue(Files.isExecutable(Path.of(path)), "needs " + path);
    }

    /** Skips the test, with the reason, where there is no container engine that it may disturb. */
    static void assumeEngine() {
        Assumptions.assumeFalse(engine().isEmpty(), "needs the container engine of ops/docker-test-engine.sh");
        assumeProgram("/bin/busybox");
    }

    /** Where the container engine for tests is; empty when there is none. */
    static String engine() {
        return System.getenv().getOrDefault("OPENSHELL_TEST_DOCKER", "");
    }

    /** Has the container engine ended or started again. */
    static void engine(String command) {
        Path folder = Path.of(URI.create(engine()).getPath()).getParent();
        Outcome done = ChildProcess.run(List.of("../ops/docker-test-engine.sh", command, folder.toString()),
                Map.of("PATH", System.getenv("PATH")), folder, Duration.ofSeconds(60));
        if (done.exitCode() != 0) {
            throw new AssertionError("the engine: " + done);
        }
    }

    /** Mounts, as seen by this process, that name the text. */
    static List<String> mounts(String text) {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream().filter(l -> l.contains(text)).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Control groups whose name has the text. */
    static List<Path> controlGroups(String text) {
        try (Stream<Path> all = Files.find(Path.of("/sys/fs/cgroup"), 6, (p, a) -> a.isDirectory() && p.getFileName().toString().contains(text))) {
            return all.toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            return List.of(); // none on this machine
        }
    }

    /** Ids of live processes whose command line or environment has the text. */
    static List<String> processes(String text) {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.map(p -> p.getFileName().toString()).filter(n -> n.matches("[0-9]+"))
                    .filter(pid -> has(pid, "cmdline", text) || has(pid, "environ", text)).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean has(String pid, String file, String text) {
        try {
            return Files.readString(Path.of("/proc", pid, file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException ended) {
            return false;
        }
    }
}
