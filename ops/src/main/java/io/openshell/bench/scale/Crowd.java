package io.openshell.bench.scale;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Sandboxes of another process: they are up on the host, but none of the measuring process's. */
public final class Crowd implements AutoCloseable {
    private static final int FIRST_UID = 2_970_000;
    private static final long END_SECONDS = 200;
    private final Optional<Process> process;

    /** Begins to start so many; none at all for 0. */
    Crowd(Path jvm, Path home, int count) throws IOException {
        process = count == 0 ? Optional.empty() : Optional.of(new ProcessBuilder(jvm.toString(), "-Xmx512m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp",
                System.getProperty("java.class.path"), Crowd.class.getName(), home.toString(), Integer.toString(count))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Starts sandboxes, says so, and removes them when its input ends. */
    public static void main(String[] arguments) throws Exception {
        try (Boxes boxes = new Boxes(Path.of(arguments[0]), FIRST_UID)) {
            boxes.each(Integer.parseInt(arguments[1]), i -> boxes.start("crowd-" + i));
            System.out.println("up");
            while (System.in.read() >= 0) {
                continue;
            }
        }
        System.exit(0);
    }

    void awaitUp() throws IOException {
        if (process.isPresent()) {
            BufferedReader said = process.get().inputReader();
            String line = said.readLine();
            if (!"up".equals(line)) {
                throw new IllegalStateException("the other sandboxes did not come up: " + List.of(String.valueOf(line)));
            }
        }
    }

    @Override
    public void close() throws Exception {
        if (process.isPresent()) {
            process.get().getOutputStream().close();
            if (!process.get().waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.get().destroyForcibly();
            }
        }
    }
}
