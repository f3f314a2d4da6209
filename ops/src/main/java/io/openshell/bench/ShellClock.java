package io.openshell.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A small shell that runs programs one after the other and tells how long each took. A shell, because starting a program
 * from a process as large as a JVM costs more than some of the programs measured. One thread.
 */
public final class ShellClock implements AutoCloseable {
    private static final long LIMIT_SECONDS = 120;
    /** What the shell does: reads lines, runs each, and answers with its exit status and microseconds. */
    public static final String LOOP = """
            while IFS= read -r line; do
              from=$EPOCHREALTIME
              eval "$line" < /dev/null > /dev/null 2>&1
              status=$? to=$EPOCHREALTIME
              echo "$status $(( ${to/[.,]/} - ${from/[.,]/} ))"
            done
            """;

    private final Process shell;
    private final Writer commands;
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(4);

    /** What a program did: its exit status and how long it ran. */
    public record Ran(int status, double ms) {}

    /** Starts the shell with the environment of this process. */
    public ShellClock() {
        try {
            shell = new ProcessBuilder("bash", "-c", LOOP).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            throw new UncheckedIOException("bash cannot be started", e);
        }
        commands = shell.outputWriter(StandardCharsets.UTF_8);
        BufferedReader reader = shell.inputReader(StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("shell-clock").start(() -> reader.lines().forEach(this::answered));
    }

    private void answered(String line) {
        if (!answers.offer(line)) {
            shell.destroy();
        }
    }

    /**
     * Runs one line of shell; its output is dropped.
     *
     * @throws IllegalStateException when it takes longer than two minutes
     */
    public Ran run(String line) {
        try {
            commands.write(line + "\n");
            commands.flush();
            String answer = answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                shell.destroy();
                throw new IllegalStateException("not done within " + LIMIT_SECONDS + " s: " + line);
            }
            String[] parts = answer.split(" ");
            return new Ran(Integer.parseInt(parts[0]), Long.parseLong(parts[1]) / 1000.0);
        } catch (IOException e) {
            throw new UncheckedIOException("the shell ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for: " + line, e);
        }
    }

    /** Like {@link #run}, and fails unless the exit status is 0. Returns milliseconds. */
    public double time(String line) {
        Ran ran = run(line);
        if (ran.status() != 0) {
            throw new IllegalStateException("exit status " + ran.status() + ": " + line);
        }
        return ran.ms();
    }

    @Override
    public void close() {
        shell.destroy();
    }
}
