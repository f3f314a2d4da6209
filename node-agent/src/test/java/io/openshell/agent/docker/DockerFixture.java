package io.openshell.agent.docker;

import io.openshell.agent.launcher.ContainerEntry;
import io.openshell.agent.launcher.LinuxRuntime;
import io.openshell.agent.launcher.LinuxSettings;
import io.openshell.agent.runtime.ExecRequest;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.SourcedRuntime;
import io.openshell.agent.runtime.TrustFiles;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.Basis;
import io.openshell.model.sandbox.SandboxSource;
import io.openshell.model.sandbox.Shares;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assumptions;

/** A runtime on a scratch directory and on the engine that the environment names. */
final class DockerFixture implements AutoCloseable {
    static final String TOOLS = "local/tools:1";
    final Path home;
    final URI address;
    final Engine engine;
    final LinuxRuntime linux;
    final DockerRuntime docker;
    final SourcedRuntime runtime;

    DockerFixture() throws IOException {
        this(address());
        try {
            assumeReady();
        } catch (RuntimeException skipped) {
            close();
            throw skipped;
        }
    }

    DockerFixture(URI address) throws IOException {
        this.address = address;
        home = Files.createTempDirectory("openshell-docker-test");
        engine = new Engine(address);
        linux = new LinuxRuntime(new LinuxSettings(home.resolve("state"), 2_200_000, List.of()));
        docker = another();
        runtime = new SourcedRuntime(linux, Optional.of(docker));
    }

    private static URI address() {
        String named = System.getenv().getOrDefault("OPENSHELL_TEST_DOCKER", "");
        Assumptions.assumeFalse(named.isEmpty(), "needs the container engine of ops/docker-test-engine.sh");
        return URI.create(named);
    }

    /** A runtime with the same directories, as after a restart of the agent. */
    DockerRuntime another() {
        return new DockerRuntime(new Engine(address), new ContainerEntry(linux), home.resolve("state"));
    }

    private void assumeReady() {
        List<LayerReport> absent = linux.preflight().stream().filter(LayerReport.Absent.class::isInstance).toList();
        Assumptions.assumeTrue(absent.isEmpty(), "needs root, namespaces and Landlock: " + absent);
        String missing = "";
        try {
            engine.image(TOOLS);
        } catch (EngineException e) {
            missing = String.valueOf(e.getMessage());
        }
        Assumptions.assumeTrue(missing.isEmpty(), "needs a container engine with the test images (ops/docker-test-engine.sh): " + missing);
    }

    LaunchOutcome outcome(String id, String image, Shares shares, String... command) {
        PolicyDocument policy = PolicyDocument.empty().withFilesystem(new FilesystemPolicy(true, List.of("/app"), List.of()));
        return runtime.launch(new LaunchRequest(id, "i1", "box", policy, List.of(command), Map.of("USER_VAR", "1"), false,
                TrustFiles.NONE, new Basis(SandboxSource.of(image), shares)));
    }

    RunningSandbox launch(String id, String image, Shares shares, String... command) {
        LaunchOutcome outcome = outcome(id, image, shares, command);
        if (outcome instanceof LaunchOutcome.Running r) {
            return r.sandbox();
        }
        throw new AssertionError("not running: " + outcome);
    }

    record Result(int code, String out, String err) {}

    static Result exec(RunningSandbox box, String... command) throws Exception {
        return collect(box.exec(new ExecRequest(List.of(command), "", Map.of(), false, 80, 24)));
    }

    static Result collect(ProcessSession session) throws Exception {
        StringBuffer out = new StringBuffer();
        StringBuffer err = new StringBuffer();
        CountDownLatch ended = new CountDownLatch(1);
        session.attach(new OutputListener() {
            @Override
            public void onOutput(Stream stream, byte[] data) {
                (stream == Stream.STDOUT ? out : err).append(new String(data, StandardCharsets.UTF_8));
            }

            @Override
            public void onEnd() {
                ended.countDown();
            }
        });
        int code = session.exit().toCompletableFuture().get(20, TimeUnit.SECONDS);
        if (!ended.await(5, TimeUnit.SECONDS)) {
            throw new AssertionError("output did not end");
        }
        return new Result(code, out.toString(), err.toString());
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within ten seconds: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Containers of a sandbox that the engine still has. */
    List<String> containers(String sandboxId) throws EngineException {
        return engine.containers(Map.of("io.openshell.sandbox", sandboxId));
    }

    @Override
    public void close() throws IOException {
        docker.close();
        engine.close();
        try (var all = Files.walk(home)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }
}
