package io.openshell.cli.local;

import io.openshell.cli.CliException;
import io.openshell.cli.client.Endpoint;
import io.openshell.cli.client.GatewayClient;
import io.openshell.cli.client.RpcException;
import io.openshell.cli.config.ClientFiles;
import io.openshell.cli.config.ClientPaths;
import io.openshell.cli.config.Installation;
import io.openshell.cli.output.Steps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The gateway process of this machine and user: at most one, found through its socket and its process id. */
public final class LocalGateway {
    /** Main class of the gateway, also what its process is recognised by. */
    static final String MAIN_CLASS = "io.openshell.gateway.Main";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration HEALTH_LIMIT = Duration.ofSeconds(5);
    private static final long POLL_MS = 25;

    private final ClientPaths paths;
    private final Installation installation;
    private final GatewayClient client;
    private final Optional<OrdinaryUser> user;

    /** The gateway with these files, started from this installation by this process's user. */
    public LocalGateway(ClientPaths paths, Installation installation) {
        this(paths, installation, OrdinaryUser.ofProcess());
    }

    /** @param user who needs a namespace for sandboxes; empty when nobody does */
    LocalGateway(ClientPaths paths, Installation installation, Optional<OrdinaryUser> user) {
        this.paths = paths;
        this.installation = installation;
        this.user = user;
        this.client = new GatewayClient(new Endpoint.Unix(paths.socket()), Map.of());
    }

    /** Calls to it through its socket. */
    public GatewayClient client() {
        return client;
    }

    /** Whether its socket accepts connections. */
    public boolean accepts() {
        return Files.exists(paths.socket()) && client.accepts();
    }

    /** Whether it was started before and not stopped in an orderly way since. */
    public boolean startedBefore() {
        return Files.exists(paths.pidFile());
    }

    /** Its process, when the recorded id belongs to a live gateway. */
    public Optional<ProcessHandle> process() {
        if (!startedBefore()) {
            return Optional.empty();
        }
        String pid = ClientFiles.read(paths.pidFile()).strip();
        return pid.matches("[0-9]{1,9}")
                ? ProcessHandle.of(Long.parseLong(pid)).filter(LocalGateway::isGateway)
                : Optional.empty();
    }

    private static boolean isGateway(ProcessHandle process) {
        try {
            byte[] commandLine = Files.readAllBytes(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
            return new String(commandLine, StandardCharsets.UTF_8).contains("\0" + MAIN_CLASS);
        } catch (IOException e) {
            // It ended between the two looks.
            return false;
        }
    }

    /**
     * Starts the gateway unless it runs, and returns when it is healthy. Several callers start only one.
     *
     * @return false when it was running already
     * @throws CliException when it did not come up; the message is the gateway's own last word
     */
    public boolean start(GatewayStart how, Steps steps) {
        ClientFiles.makePrivateFolder(paths.state());
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        try (FileChannel channel = FileChannel.open(paths.startLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel, deadline)) {
            if (lock.isValid() && accepts() && healthy()) {
                return false;
            }
            steps.begin("Starting the gateway");
            BooleanSupplier alive = process().isPresent() ? () -> true : launch(how, deadline);
            awaitHealth(alive, deadline);
            steps.done();
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the gateway", e);
        }
    }

    /** Runs the gateway with the streams of this process until it ends, and returns its exit status. */
    public int runInForeground(GatewayStart how) {
        if (accepts()) {
            throw new CliException("a gateway is running already; stop it with `openshell gateway stop`.");
        }
        ClientFiles.makePrivateFolder(paths.state());
        try {
            if (namespaced(how)) {
                long deadline = System.nanoTime() + START_LIMIT.toNanos();
                return new NamespaceKeeper(paths, user.orElseThrow()).start(gateway(how), null, deadline).awaitEnd();
            }
            Process gateway = new ProcessBuilder(command(how)).inheritIO().start();
            Runtime.getRuntime().addShutdownHook(new Thread(gateway::destroy, "stop-gateway"));
            return gateway.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the gateway", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted while the gateway ran");
        }
    }

    /**
     * Asks the gateway to end and waits until it has.
     *
     * @return false when none was running
     * @throws CliException when it still runs after 20 seconds
     */
    public boolean stop() {
        Optional<ProcessHandle> gateway = process();
        if (gateway.isEmpty()) {
            ClientFiles.delete(paths.pidFile());
            return false;
        }
        gateway.get().destroy();
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        // A process that nobody reaps has ended all the same; its command line is empty.
        while (isGateway(gateway.get())) {
            if (System.nanoTime() > deadline) {
                throw new CliException("the gateway (process " + gateway.get().pid() + ") did not end within "
                        + STOP_LIMIT.toSeconds() + " s; its output is in " + paths.gatewayLog());
            }
            pause();
        }
        ClientFiles.delete(paths.pidFile());
        return true;
    }

    /** How many sandboxes are written down as running, which they go on to do without a gateway. */
    public int keptSandboxes() {
        Path sandboxes = paths.sandboxes();
        if (!Files.isDirectory(sandboxes)) {
            return 0;
        }
        try (Stream<Path> each = Files.list(sandboxes)) {
            return (int) each.filter(one -> Files.exists(one.resolve("run"))).count();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look for sandboxes in " + sandboxes, e);
        }
    }

    private static FileLock lock(FileChannel channel, long deadline) throws IOException {
        FileLock lock = channel.tryLock();
        while (lock == null) {
            if (System.nanoTime() > deadline) {
                throw new CliException("another command has been starting the gateway for " + START_LIMIT.toSeconds()
                        + " s; try again, or see `openshell status`.", io.openshell.cli.ExitCodes.TIMEOUT);
            }
            pause();
            lock = channel.tryLock();
        }
        return lock;
    }

    private boolean healthy() {
        try {
            client.health(HEALTH_LIMIT);
            return true;
        } catch (RpcException e) {
            // Not up yet, or no longer; the caller decides how long that may last.
            return false;
        }
    }

    /** Starts it and returns what tells whether it has not ended yet. */
    private BooleanSupplier launch(GatewayStart how, long deadline) throws IOException {
        Path log = paths.gatewayLog();
        ClientFiles.writePrivate(log, "");
        if (namespaced(how)) {
            return new NamespaceKeeper(paths, user.orElseThrow()).start(gateway(how), log, deadline)::alive;
        }
        return new ProcessBuilder(command(how))
                .directory(paths.state().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start()::isAlive;
    }

    /** A gateway without a node seals nothing. */
    private boolean namespaced(GatewayStart how) {
        return user.isPresent() && !how.options().contains("--no-node");
    }

    List<String> command(GatewayStart how) {
        List<String> command = new ArrayList<>();
        Path ownSession = Path.of("/usr/bin/setsid");
        if (Files.isExecutable(ownSession)) {
            // A session of its own: Ctrl-C in the terminal that started it must not end it.
            command.add(ownSession.toString());
        }
        command.addAll(gateway(how));
        return command;
    }

    private List<String> gateway(GatewayStart how) {
        List<String> command = new ArrayList<>(
                how.serving() ? installation.servingJava(how.heap()) : installation.gatewayJava(how.heap()));
        command.addAll(List.of(MAIN_CLASS, "--port", String.valueOf(how.port())));
        if (how.kafka() != null) {
            command.addAll(List.of("--kafka", how.kafka()));
        }
        command.addAll(how.options());
        return command;
    }

    private void awaitHealth(BooleanSupplier alive, long deadline) {
        while (!(accepts() && healthy())) {
            if (!alive.getAsBoolean()) {
                throw new CliException("the gateway did not start: " + lastLogLine());
            }
            if (System.nanoTime() > deadline) {
                throw new CliException("the gateway did not answer within " + START_LIMIT.toSeconds() + " s; its output is in "
                        + paths.gatewayLog(), io.openshell.cli.ExitCodes.TIMEOUT);
            }
            pause();
        }
    }

    private String lastLogLine() {
        List<String> lines = Files.exists(paths.gatewayLog())
                ? ClientFiles.read(paths.gatewayLog()).lines().filter(line -> !line.isBlank()).toList()
                : List.of();
        return lines.isEmpty() ? "it wrote no reason to " + paths.gatewayLog() : lines.get(lines.size() - 1).strip().replaceFirst("^error: ", "");
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted while waiting for the gateway");
        }
    }
}
