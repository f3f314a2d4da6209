package io.openshell.agent.launcher;

import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.runtime.ExecRequest;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.SandboxRuntime;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.SandboxSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A runtime on a scratch directory with host paths for the escape tests. */
final class SandboxFixture implements CatalogueSetting {
    record Result(int code, String out, String err) {}

    final Path home;
    final Path fx;
    final LinuxRuntime runtime;

    SandboxFixture() throws IOException {
        home = Files.createTempDirectory("openshell-agent-test");
        fx = home.resolve("fx");
        for (String d : List.of("ro", "rw", "rw2", "secret")) {
            Files.createDirectories(fx.resolve(d));
            Files.writeString(fx.resolve(d).resolve("f"), d);
            // everybody may write by ownership rules, so that only the sandbox can deny
            fx.resolve(d).toFile().setWritable(true, false);
            fx.resolve(d).resolve("f").toFile().setWritable(true, false);
        }
        // user ids of its own for every test process: tests count what runs as a user
        int firstUid = 2_100_000 + (int) (ProcessHandle.current().pid() % 800) * 1_000;
        runtime = new LinuxRuntime(new LinuxSettings(home.resolve("state"), firstUid, List.of(fx.resolve("ro").toString(),
                fx.resolve("rw").toString(), fx.resolve("rw2").toString())));
    }

    static void assumeKernel(LinuxRuntime runtime) {
        List<LayerReport> absent = runtime.preflight().stream().filter(LayerReport.Absent.class::isInstance).toList();
        Assumptions.assumeTrue(absent.isEmpty(), "needs root, namespaces and Landlock: " + absent);
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
        return new SandboxSource.Host();
    }

    @Override
    public String readOnly() {
        return fx + "/ro";
    }

    @Override
    public String writable() {
        return fx + "/rw";
    }

    @Override
    public String alsoWritable() {
        return fx + "/rw2";
    }

    @Override
    public String unlisted() {
        return fx + "/secret";
    }

    @Override
    public String setUserIdProgram() throws IOException, InterruptedException {
        Path copy = fx.resolve("ro/id");
        if (!Files.exists(copy)) {
            Files.copy(Path.of("/usr/bin/id"), copy);
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
            new ProcessBuilder("chmod", "4755", copy.toString()).start().waitFor();
        }
        return copy.toString();
    }

    @Override
    public String firstProcess() {
        return "sleep";
    }

    @Override
    public boolean has(String program) {
        return Files.exists(Path.of(program));
    }

    @Override
    public Path seen(RunningSandbox box, String path) {
        return Path.of(path);
    }

    RunningSandbox launch(String id, List<String> command, boolean tty) {
        LaunchOutcome outcome = runtime.launch(new LaunchRequest(id, "i1", "box", policy(), command, Map.of("USER_VAR", "1"), tty));
        if (outcome instanceof LaunchOutcome.Running r) {
            return r.sandbox();
        }
        throw new AssertionError("not running: " + outcome);
    }

    static Result exec(RunningSandbox box, boolean tty, String... command) throws Exception {
        return collect(box.exec(new ExecRequest(List.of(command), "", Map.of(), tty, 80, 24)));
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

    /** How many running processes a sandbox with this evidence has: those of its user, or of its PID namespace where the user is not its own. */
    static long processesOf(Map<String, String> evidence) throws IOException {
        String uid = evidence.get("Uid").split(" ")[0] + " ";
        boolean shared = Standing.here().sharesOwnId();
        long found = 0;
        for (int pid : ProcFiles.all()) {
            try {
                boolean inside = !shared || ProcFiles.namespace(pid, "pid").filter(evidence.get("ns.pid")::equals).isPresent() && !first(pid);
                found += inside && ProcFiles.startTime(pid).isPresent() && ProcFiles.status(pid).getOrDefault("Uid", "").startsWith(uid) ? 1 : 0;
            } catch (IOException ended) {
                continue;
            }
        }
        return found;
    }

    private static boolean first(int pid) throws IOException {
        return ProcFiles.status(pid).getOrDefault("NSpid", "").endsWith(" 1");
    }

    @Override
    public void close() throws IOException {
        try (var all = Files.walk(home)) {
            for (Path p : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }
}
