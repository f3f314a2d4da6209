package io.openshell.cli.local;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.config.ClientFiles;
import io.openshell.cli.config.ClientPaths;
import io.openshell.cli.config.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The shell that keeps an ordinary user's namespace while anything runs in it, and starts gateways there. Only a process of the namespace
 * can start another one with all that may be done in it, so a gateway that shall take over what an earlier one left is started by the
 * same keeper. It is told what to start through a named pipe, the environment included, so that nothing of that is on a disk or in
 * the list of processes; and it ends with a gateway that leaves no sandbox behind. For one caller at a time, who holds the start lock.
 */
final class NamespaceKeeper {
    private static final String NAME = "openshell-namespace";
    private static final String MARK = "OPENSHELL_KEPT_IN";
    private static final long POLL_MS = 10;
    /** Which a shell does not let be set. */
    private static final String NOT_TO_SET = "UID|EUID|PPID|SHELLOPTS|BASH.*|PWD|OLDPWD|_|" + MARK;

    private static final String SCRIPT = """
            cd "$1" || exit 1
            [ -p gateway.next ] || { rm -f gateway.next; mkfifo -m 600 gateway.next || exit 1; }
            echo $$ > namespace.pid
            while :; do
              sh ./gateway.next & gateway=$!
              wait "$gateway"; code=$?
              echo "$code" > gateway.ended
              set -- sandboxes/sandboxes/*/run
              [ -e "$1" ] || { rm -f namespace.pid gateway.next; exit "$code"; }
            done
            """;

    private final ClientPaths paths;
    private final OrdinaryUser user;

    NamespaceKeeper(ClientPaths paths, OrdinaryUser user) {
        this.paths = paths;
        this.user = user;
    }

    /** A gateway that is being started, or runs. */
    final class Running {
        private final @Nullable Process keeper;

        private Running(@Nullable Process keeper) {
            this.keeper = keeper;
        }

        /** False once it is certain that it has ended. */
        boolean alive() {
            Optional<ProcessHandle> gateway = gateway();
            return gateway.isPresent() ? gateway.get().isAlive() : !Files.exists(starting()) && (keeper == null || keeper.isAlive());
        }

        private Optional<ProcessHandle> gateway() {
            return number(starting()).flatMap(ProcessHandle::of);
        }

        /** Waits for its end and returns its exit status; ends it when this program is ended. */
        int awaitEnd() throws InterruptedException {
            while (alive() && gateway().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(POLL_MS);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(() -> gateway().ifPresent(ProcessHandle::destroy), "stop-gateway"));
            gateway().ifPresent(one -> one.onExit().join());
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            while (!Files.exists(ended()) && System.nanoTime() < until) {
                TimeUnit.MILLISECONDS.sleep(POLL_MS);
            }
            return number(ended()).map(Long::intValue).orElse(ExitCodes.FAILURE);
        }
    }

    private Path starting() {
        return paths.state().resolve("gateway.starting");
    }

    private Path ended() {
        return paths.state().resolve("gateway.ended");
    }

    private Path pipe() {
        return paths.state().resolve("gateway.next");
    }

    /** Starts a gateway in the namespace there is, or in a new one; {@code output} is where it writes, or null for this program's streams. */
    Running start(List<String> command, @Nullable Path output, long deadline) throws IOException {
        ClientFiles.delete(starting());
        ClientFiles.delete(ended());
        boolean joins = keeper();
        Process own = joins ? null : launch(output);
        Path to = joins && output == null ? paths.gatewayLog() : output;
        String script = script(command, to);
        CompletableFuture<Void> told = CompletableFuture.runAsync(() -> tell(script), task -> daemon(task).start());
        Running running = new Running(own);
        while (!told.isDone()) {
            if (own == null && !keeper()) {
                own = launch(output); // the earlier one was just ending
                running = new Running(own);
            }
            if (own != null && !own.isAlive()) {
                throw new CliException("the gateway did not start: no shell could be started for it, see " + paths.gatewayLog());
            }
            if (System.nanoTime() > deadline) {
                throw new CliException("the gateway was not started in time", ExitCodes.TIMEOUT);
            }
            pause();
        }
        told.join();
        return running;
    }

    /** Whether the keeper of an earlier gateway runs. */
    private boolean keeper() {
        return number(paths.state().resolve("namespace.pid")).filter(this::isKeeper).isPresent();
    }

    private boolean isKeeper(long pid) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1);
            return line.contains("\0" + NAME + "\0" + new String(paths.state().toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
            return false;
        }
    }

    private Process launch(@Nullable Path output) throws IOException {
        List<String> command = new ArrayList<>();
        Path ownSession = Path.of("/usr/bin/setsid");
        if (Files.isExecutable(ownSession)) {
            command.add(ownSession.toString());
        }
        command.addAll(user.inNamespace(List.of("/bin/sh", "-c", SCRIPT, NAME, paths.state().toString())));
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                MARK, paths.sandboxes().getParent().toString()));
        if (output == null) {
            builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
        } else {
            builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        }
        return builder.start();
    }

    /** Blocks until a keeper reads. */
    private void tell(String script) {
        try {
            while (!keeper() || !Files.exists(pipe())) {
                pause();
            }
            Files.writeString(pipe(), script, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new CliException("the gateway could not be started: " + e.getMessage());
        }
    }

    private String script(List<String> command, @Nullable Path output) {
        StringBuilder text = new StringBuilder("cd " + quoted(paths.state().toString()) + " && echo $$ > gateway.starting\nunset " + MARK + "\n");
        new TreeMap<>(Environment.ofProcess().variables()).forEach((name, value) -> {
            if (name.matches("[A-Za-z_][A-Za-z0-9_]*") && !name.matches(NOT_TO_SET)) {
                text.append("export ").append(name).append('=').append(quoted(value)).append('\n');
            }
        });
        text.append("exec");
        command.forEach(word -> text.append(' ').append(quoted(word)));
        text.append(" < /dev/null");
        if (output != null) {
            text.append(" >> ").append(quoted(output.toString())).append(" 2>&1");
        }
        return text.append('\n').toString();
    }

    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static Optional<Long> number(Path file) {
        try {
            String text = Files.readString(file).trim();
            return text.matches("[0-9]{1,9}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "tell-keeper");
        thread.setDaemon(true);
        return thread;
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
