package io.openshell.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is known about the three standard streams, and the mode of the terminal behind them. */
public final class Terminal {
    private static final int STTY_LIMIT_SECONDS = 5;

    private final Path descriptors;

    /** The streams of this process. */
    public Terminal() {
        this(Path.of("/proc/self/fd"));
    }

    /** Streams described by links in a folder, named 0, 1 and 2. */
    public Terminal(Path descriptors) {
        this.descriptors = descriptors;
    }

    /** Whether a person types the input. */
    public boolean stdin() {
        return isTerminal(0);
    }

    /** Whether a person sees the output. */
    public boolean stdout() {
        return isTerminal(1);
    }

    /** Whether a person sees progress. */
    public boolean stderr() {
        return isTerminal(2);
    }

    /** Whether input may stay open while nothing comes, as a pipe may. */
    public boolean stdinMayStayOpen() {
        String target = target(0);
        return target.startsWith("pipe:") || target.startsWith("socket:");
    }

    private boolean isTerminal(int descriptor) {
        String target = target(descriptor);
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
    }

    private String target(int descriptor) {
        try {
            return Files.readSymbolicLink(descriptors.resolve(String.valueOf(descriptor))).toString();
        } catch (IOException e) {
            // A closed stream is no terminal.
            return "";
        }
    }

    /** Columns and rows, 80 by 24 when unknown. */
    public Size size() {
        String answer = stty(List.of("size"));
        if (answer != null && answer.matches("[0-9]{1,4} [0-9]{1,4}")) {
            String[] parts = answer.split(" ");
            return new Size(Integer.parseInt(parts[1]), Integer.parseInt(parts[0]));
        }
        return new Size(80, 24);
    }

    /** Passes every key on as it is typed until the returned mode is closed. */
    public RawMode raw() {
        String before = stty(List.of("-g"));
        stty(List.of("raw", "-echo"));
        Thread restore = new Thread(() -> restore(before), "restore-terminal");
        Runtime.getRuntime().addShutdownHook(restore);
        return () -> {
            Runtime.getRuntime().removeShutdownHook(restore);
            restore(before);
        };
    }

    private static void restore(@Nullable String before) {
        stty(before == null || before.isEmpty() ? List.of("sane") : List.of(before));
    }

    private static @Nullable String stty(List<String> arguments) {
        try {
            List<String> command = new java.util.ArrayList<>(List.of("stty"));
            command.addAll(arguments);
            Process stty = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/tty").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (InputStream out = stty.getInputStream()) {
                String text = new String(out.readAllBytes(), StandardCharsets.US_ASCII).strip();
                return stty.waitFor(STTY_LIMIT_SECONDS, TimeUnit.SECONDS) && stty.exitValue() == 0 ? text : null;
            }
        } catch (IOException e) {
            // Without stty the terminal keeps its mode; typing still works line by line.
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Size in characters. */
    public record Size(int columns, int rows) {}

    /** Raw mode in force. */
    public interface RawMode extends AutoCloseable {
        @Override
        void close();
    }
}
