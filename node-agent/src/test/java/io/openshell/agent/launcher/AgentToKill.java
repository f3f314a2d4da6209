package io.openshell.agent.launcher;

import io.openshell.agent.docker.DockerRuntime;
import io.openshell.agent.docker.Engine;
import io.openshell.agent.runtime.ExecRequest;
import io.openshell.agent.runtime.Keepsake;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.Secret;
import io.openshell.agent.runtime.SourcedRuntime;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.Basis;
import io.openshell.model.sandbox.SandboxSource;
import io.openshell.model.sandbox.Shares;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An agent in a process of its own, which starts one sandbox and is killed without a chance to clean up. */
final class AgentToKill implements AutoCloseable {
    static final String SECRET = "kept for the next agent";
    private final Process process;
    private final BufferedReader output;
    final int main;

    private AgentToKill(Process process) throws IOException {
        this.process = process;
        this.output = process.inputReader();
        this.main = Integer.parseInt(line().substring("main ".length()));
    }

    /** Started with a sandbox that runs this. */
    static AgentToKill with(Path state, SandboxSource source, String id, boolean tty, String script) throws IOException {
        return with(state, request(source, id, tty, script));
    }

    /** Started with this sandbox, which differs from {@link #request} in nothing but its size. */
    static AgentToKill with(Path state, LaunchRequest request) throws IOException {
        return with(List.of(), state, request);
    }

    /** The same, by a program that starts it. */
    static AgentToKill with(List<String> starter, Path state, LaunchRequest request) throws IOException {
        List<String> command = new ArrayList<>(starter);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx96m",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djnr.ffi.x86asm.enabled=false", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), AgentToKill.class.getName(), state.toString(), request.basis().source().text(), request.sandboxId(),
                Boolean.toString(request.tty()), request.command().getLast(), Long.toString(request.basis().shares().diskBytes())));
        return new AgentToKill(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    static LaunchRequest request(SandboxSource source, String id, boolean tty, String script) {
        return new LaunchRequest(id, "i1", "box", PolicyDocument.empty(), List.of("sh", "-c", script), Map.of("USER_VAR", "1"), tty)
                .with(new Basis(source, Shares.USUAL))
                .with(new Keepsake(3, 1, new Secret(SECRET.getBytes(StandardCharsets.UTF_8))));
    }

    /** The request with a size of the workspace, in bytes. */
    static LaunchRequest sized(LaunchRequest request, long bytes) {
        return request.with(new Basis(request.basis().source(), new Shares(0, 0, 0, bytes)));
    }

    /** Runs sandboxes from either kind of source, as agents do; never ended in an orderly way. */
    static SourcedRuntime runtime(Path state) {
        LinuxRuntime linux = new LinuxRuntime(new LinuxSettings(state, 2_300_000, List.of()));
        String engine = System.getenv().getOrDefault("OPENSHELL_TEST_DOCKER", "");
        return new SourcedRuntime(linux, engine.isEmpty() ? Optional.empty()
                : Optional.of(new DockerRuntime(new Engine(URI.create(engine)), new ContainerEntry(linux), state)));
    }

    /** Has it run a program in the sandbox; returns its process id. */
    int exec(String script) throws IOException {
        process.outputWriter().append(script).append('\n').flush();
        return Integer.parseInt(line().substring("exec ".length()));
    }

    private String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the agent ended");
        }
        return line;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws Exception {
        kill();
        output.close();
    }

    /** The agent's side. */
    public static void main(String[] a) throws Exception {
        LaunchOutcome outcome = runtime(Path.of(a[0])).launch(
                sized(request(SandboxSource.of(a[1]), a[2], Boolean.parseBoolean(a[3]), a[4]), Long.parseLong(a[5])));
        if (!(outcome instanceof LaunchOutcome.Running running)) {
            System.err.println(outcome);
            System.exit(1);
            return;
        }
        System.out.println("main " + ((LinuxSession) running.sandbox().main()).pid());
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String script = asked.readLine(); script != null; script = asked.readLine()) {
            var session = running.sandbox().exec(new ExecRequest(List.of("sh", "-c", script), "", Map.of(), false, 0, 0));
            System.out.println("exec " + ((LinuxSession) session).pid());
        }
    }
}
