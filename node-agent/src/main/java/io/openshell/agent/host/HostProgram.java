package io.openshell.agent.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program of this machine, run to its end. Never from a sealed thread. */
public final class HostProgram {
    private static final int LONGEST_MESSAGE = 500;
    private static final List<String> PLACES = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/run/current-system/sw/bin");

    private HostProgram() {}

    /** Where it is, the directories of administrators included, which are on no ordinary search path. */
    public static Optional<Path> find(String name) {
        return PLACES.stream().map(place -> Path.of(place, name)).filter(Files::isExecutable).findFirst();
    }

    /**
     * Runs it; blocks.
     *
     * @throws IOException when it fails, with what it said, or has not ended after so many seconds, and was killed then
     */
    public static void run(List<String> command, long seconds) throws IOException {
        Process process = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        StringBuilder said = new StringBuilder();
        Thread reader = Thread.ofVirtual().start(() -> collect(process, said));
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " took longer than " + seconds + " s");
            }
            reader.join(1000);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
        if (process.exitValue() != 0) {
            synchronized (said) {
                throw new IOException(command.getFirst() + " failed: " + said);
            }
        }
    }

    private static void collect(Process process, StringBuilder said) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (said) {
                    if (said.length() < LONGEST_MESSAGE) {
                        said.append(line).append(' ');
                    }
                }
            }
        } catch (IOException e) {
            synchronized (said) {
                said.append(e.getMessage());
            }
        }
    }
}
