package io.openshell.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program run to its end, with a deadline. */
final class ChildProcess {

    private ChildProcess() {}

    /**
     * Runs it with an empty input.
     *
     * @param environment the whole environment of the program
     * @throws AssertionError when it does not end in time; it is killed then
     */
    static Outcome run(List<String> command, Map<String, String> environment, Path scratch, Duration limit) {
        try {
            Path out = Files.createTempFile(scratch, "out", "");
            Path err = Files.createTempFile(scratch, "err", "");
            try {
                return run(command, environment, limit, new Output(out, err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private record Output(Path out, Path err) {}

    private static Outcome run(List<String> command, Map<String, String> environment, Duration limit, Output output)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.out().toFile())
                .redirectError(output.err().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("did not end within " + limit + ": " + Files.readString(output.err()));
        }
        return new Outcome(process.exitValue(), Files.readString(output.out()), Files.readString(output.err()));
    }
}
