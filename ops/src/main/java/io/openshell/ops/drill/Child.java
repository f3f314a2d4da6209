package io.openshell.ops.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A Java program in a process of its own that is started, ended and killed again and again. One thread at a time. */
final class Child {

    private final Path home;
    private final List<String> command;
    private @Nullable Process process;

    /** Runs the class with these arguments; what it prints goes to {@code home/NAME.out}. */
    Child(Path home, String name, int heapMiB, String mainClass, List<String> arguments) {
        this.home = home.resolve(name);
        List<String> all = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMiB + "m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djnr.ffi.x86asm.enabled=false",
                "-cp", System.getProperty("java.class.path"), mainClass));
        all.addAll(arguments);
        this.command = List.copyOf(all);
        try {
            java.nio.file.Files.createDirectories(this.home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path home() {
        return home;
    }

    void start() {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("out").toFile()));
        builder.environment().clear();
        builder.environment().putAll(Map.of(
                "HOME", home.toString(), "XDG_STATE_HOME", home.resolve("state").toString(),
                "XDG_CONFIG_HOME", home.resolve("config").toString(), "XDG_DATA_HOME", home.resolve("data").toString()));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean alive() {
        return process != null && process.isAlive();
    }

    /** As a crash does it. */
    void kill() {
        if (process != null) {
            process.destroyForcibly();
            await(process, Duration.ofSeconds(10));
        }
    }

    /** As an operator does it; killed when it takes longer than the limit. */
    void stop(Duration limit) {
        if (process != null) {
            process.destroy();
            if (!await(process, limit)) {
                kill();
            }
        }
    }

    private static boolean await(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
