package io.openshell.agent.launcher;

import io.openshell.agent.docker.DockerRuntime;
import io.openshell.agent.docker.Engine;
import io.openshell.agent.docker.EngineException;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.SandboxRuntime;
import io.openshell.agent.runtime.SourcedRuntime;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.SandboxSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;

/** Sandboxes from an image of this machine's distribution, on the engine that the environment names. */
final class ContainerSetting implements CatalogueSetting {
    /** Has the files of the catalogue at {@code /fx}. */
    static final String IMAGE = "local/distribution:1";
    private static final Set<String> PROGRAMS = Set.of("/usr/bin/python3", "/usr/bin/git", "/usr/bin/script");
    private final Path home;
    private final DockerRuntime docker;
    private final SourcedRuntime runtime;

    private ContainerSetting(URI address) throws IOException {
        home = Files.createTempDirectory("openshell-container-test");
        LinuxRuntime linux = new LinuxRuntime(new LinuxSettings(
                home.resolve("state"), 2_100_000 + (int) (ProcessHandle.current().pid() % 800) * 1_000, List.of()));
        docker = new DockerRuntime(new Engine(address), new ContainerEntry(linux), home.resolve("state"));
        runtime = new SourcedRuntime(linux, Optional.of(docker));
    }

    static ContainerSetting ofEnvironment() throws IOException {
        return new ContainerSetting(engine());
    }

    /** The engine that the environment names; skips the test where there is none with the image, or where nothing can be sealed. */
    static URI engine() {
        String named = System.getenv().getOrDefault("OPENSHELL_TEST_DOCKER", "");
        Assumptions.assumeFalse(named.isEmpty(), "needs the container engine of ops/docker-test-engine.sh");
        try (Engine engine = new Engine(URI.create(named))) {
            engine.image(IMAGE);
        } catch (EngineException e) {
            Assumptions.abort("needs the container engine of ops/docker-test-engine.sh: " + e.getMessage());
        }
        List<LayerReport> absent = Preflight.layers().stream().filter(LayerReport.Absent.class::isInstance).toList();
        Assumptions.assumeTrue(absent.isEmpty(), "needs root, namespaces and Landlock: " + absent);
        return URI.create(named);
    }

    @Override
    public SandboxRuntime runtime() {
        return runtime;
    }

    @Override
    public Path state() {
        return home.resolve("state");
    }

    @Override
    public SandboxSource source() {
        return SandboxSource.of(IMAGE);
    }

    @Override
    public String readOnly() {
        return "/fx/ro";
    }

    @Override
    public String writable() {
        return "/sandbox";
    }

    @Override
    public String alsoWritable() {
        return "/tmp";
    }

    @Override
    public String unlisted() {
        return "/fx/secret";
    }

    @Override
    public String setUserIdProgram() {
        return "/fx/ro/id";
    }

    @Override
    public String firstProcess() {
        return "openshell-init";
    }

    @Override
    public boolean has(String program) {
        return PROGRAMS.contains(program);
    }

    @Override
    public Path seen(RunningSandbox box, String path) {
        try {
            for (int pid : ProcFiles.all()) {
                if (ProcFiles.namespace(pid, "mnt").filter(box.evidence().get("ns.mnt")::equals).isPresent()) {
                    return Path.of("/proc", Integer.toString(pid), "root" + path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no process of the sandbox: " + Map.copyOf(box.evidence()));
    }

    @Override
    public void close() throws IOException {
        docker.close();
        try (var all = Files.walk(home)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
