package io.openshell.testkit;

import io.openshell.cli.client.Endpoint;
import io.openshell.cli.client.GatewayClient;
import io.openshell.cli.client.RpcException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real gateway in a process of its own: its broker, its node agent, the kernel of this machine. It has its own folders
 * below one scratch folder and a free port, and is ended by its process id. For one thread at a time.
 */
public final class GatewayFixture implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(30);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);

    private final Path home;
    private final int port;
    private @Nullable Process process;

    private GatewayFixture(Path home, int port) {
        this.home = home;
        this.port = port;
    }

    /** Folders and a port, and nothing that runs yet. */
    public static GatewayFixture prepared() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path home = Files.createTempDirectory("openshell-gateway-test");
            for (String folder : List.of("config", "state", "data", "cache", "run")) {
                Files.createDirectory(home.resolve(folder));
            }
            return new GatewayFixture(home, free.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A gateway that answers. */
    public static GatewayFixture started() {
        GatewayFixture gateway = prepared();
        try {
            gateway.start();
            return gateway;
        } catch (RuntimeException | AssertionError e) {
            gateway.close();
            throw e;
        }
    }

    /** Starts the process and returns once it answers; after {@link #kill} or {@link #stop} it finds its old files. */
    public void start() {
        List<String> command = new ArrayList<>(java("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.openshell.gateway.Main", "--port", Integer.toString(port)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("gateway.out").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment());
        try {
            Process started = builder.start();
            process = started;
            Await.until("the gateway answers", START_LIMIT, () -> !started.isAlive() || answers(), this::output);
            if (!started.isAlive()) {
                throw new AssertionError("the gateway ended with " + started.exitValue() + ": " + output());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> java(String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-Djnr.ffi.x86asm.enabled=false", "--enable-native-access=ALL-UNNAMED"));
        return command;
    }

    private boolean answers() {
        try {
            return client().accepts() && client().health(CALL_LIMIT) != null;
        } catch (RpcException notYet) {
            return false;
        }
    }

    /** Calls through its local socket. */
    public GatewayClient client() {
        return new GatewayClient(new Endpoint.Unix(socket()), Map.of());
    }

    /** Its local socket. */
    public Path socket() {
        return state().resolve("gateway.sock");
    }

    /** The product's state folder. */
    public Path state() {
        return home.resolve("state/openshell");
    }

    /** The port of its loopback listener. */
    public int port() {
        return port;
    }

    /** A folder of the test's own that goes with the gateway. */
    public Path scratch() {
        return home;
    }

    /** Everything the gateway's processes wrote so far. */
    public String output() {
        try {
            Path file = home.resolve("gateway.out");
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the process lives. */
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Ends it with SIGKILL: nothing can be cleaned up by it. */
    public void kill() {
        Process now = process;
        if (now != null) {
            now.destroyForcibly();
            awaitEnd(now, END_LIMIT);
        }
    }

    /**
     * Ends it in an orderly way and returns its exit status.
     *
     * @throws AssertionError when it does not end within 30 seconds; it is killed then
     */
    public int stop() {
        Process now = process;
        if (now == null) {
            return 0;
        }
        now.destroy();
        if (!awaitEnd(now, END_LIMIT)) {
            kill();
            throw new AssertionError("the gateway did not end within " + END_LIMIT + ": " + output());
        }
        return now.exitValue();
    }

    private static boolean awaitEnd(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs the command line in a process of its own, with this gateway's folders. */
    public Outcome cli(String... arguments) {
        return cli(Map.of(), arguments);
    }

    /** The same with these variables besides. */
    public Outcome cli(Map<String, String> variables, String... arguments) {
        List<String> command = new ArrayList<>(java("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-Dopenshell.dist=" + Installed.in(home)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.openshell.cli.Main"));
        command.addAll(List.of(arguments));
        Map<String, String> environment = environment();
        environment.putAll(variables);
        return ChildProcess.run(command, environment, home, COMMAND_LIMIT);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        for (String name : List.of("PATH", "LANG")) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.put("HOME", home.toString());
        environment.put("NO_COLOR", "1");
        // The machine's own engine is nobody's to test with.
        environment.put("OPENSHELL_DOCKER_HOST", System.getenv().getOrDefault("OPENSHELL_TEST_DOCKER", "off"));
        environment.put("OPENSHELL_GATEWAY_PORT", Integer.toString(port));
        environment.put("OPENSHELL_SYSTEM_GATEWAY_DIR", home.resolve("system").toString());
        for (String folder : List.of("config", "state", "data", "cache")) {
            environment.put("XDG_" + folder.toUpperCase(java.util.Locale.ROOT) + "_HOME", home.resolve(folder).toString());
        }
        environment.put("XDG_RUNTIME_DIR", home.resolve("run").toString());
        return environment;
    }

    /** Ends a gateway that the command line has started in these folders. */
    private void stopOther() {
        Path pid = state().resolve("gateway.pid");
        if (Files.exists(pid)) {
            Outcome outcome = cli("gateway", "stop");
            if (outcome.exitCode() != 0) {
                throw new AssertionError("a gateway may be left: " + outcome.err());
            }
        }
    }

    /** Ends the gateway and removes its files. */
    @Override
    public void close() {
        try {
            stop();
            stopOther();
        } finally {
            endSandboxes();
            remove(home);
        }
    }

    /** Sandboxes outlive their gateway; those of a test that is over shall not. */
    private void endSandboxes() {
        Path sandboxes = state().resolve("sandboxes/sandboxes");
        if (!Files.isDirectory(sandboxes)) {
            return;
        }
        try (var all = Files.walk(sandboxes, 2)) {
            for (Path record : all.filter(file -> file.getFileName().toString().equals("run")).toList()) {
                Files.readAllLines(record).stream().filter(line -> line.startsWith("init=") || line.startsWith("holder="))
                        .map(line -> line.substring(line.indexOf('=') + 1, line.indexOf(' ')))
                        .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                        .forEach(process -> {
                            process.destroyForcibly();
                            Await.until("process " + process.pid() + " ends", END_LIMIT, () -> !process.isAlive(), record::toString);
                        });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path folder) {
        try (var all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("left over: " + folder, e);
        }
    }
}
