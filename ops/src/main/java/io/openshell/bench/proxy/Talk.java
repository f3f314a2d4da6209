package io.openshell.bench.proxy;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program that answers each line with a line. One thread. */
final class Talk implements AutoCloseable {
    private static final long LIMIT_SECONDS = 90;
    private static final long END_SECONDS = 40;

    private final Process process;
    private final Writer questions;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(1_000);

    /**
     * What a program measured.
     *
     * @param count how often it did what it was told
     * @param seconds how long that took altogether
     * @param micros some or all of the single durations
     */
    record Answer(long count, double seconds, List<Double> micros) {
        static Answer of(String line) {
            var words = line.split(" ");
            if (!words[0].equals("ok")) {
                throw new IllegalStateException(line);
            }
            return new Answer(Long.parseLong(words[1]), Double.parseDouble(words[2]),
                    Arrays.stream(words).skip(3).map(Double::valueOf).toList());
        }
    }

    /** Starts a program; what it says on its other output is shown. */
    Talk(List<String> command) throws IOException {
        process = new ProcessBuilder(new ArrayList<>(command)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        questions = process.outputWriter(StandardCharsets.US_ASCII);
        var reader = process.inputReader(StandardCharsets.US_ASCII);
        Thread.ofPlatform().daemon().name("talk").start(() -> reader.lines().forEach(line -> {
            if (!lines.offer(line)) {
                process.destroy();
            }
        }));
    }

    /** The next line it says. */
    String line() throws InterruptedException {
        var line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
            throw new IllegalStateException("nothing said within " + LIMIT_SECONDS + " s by " + process.info().command());
        }
        return line;
    }

    Answer ask(String question) throws IOException, InterruptedException {
        questions.write(question + "\n");
        questions.flush();
        return Answer.of(line());
    }

    long pid() {
        return process.pid();
    }

    /** Ends its input, and the program itself when it does not end by that. */
    @Override
    public void close() throws IOException {
        questions.close();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                // Asked first: what it started would stay when it cannot clean up.
                process.destroy();
            }
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
