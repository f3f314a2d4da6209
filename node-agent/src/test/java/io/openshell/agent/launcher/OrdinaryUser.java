package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A user that nothing else on the machine is, with a folder of its own; for processes of root. */
final class OrdinaryUser implements AutoCloseable {
    private final int id;
    private final Path home;

    private OrdinaryUser(int id, Path home) {
        this.id = id;
        this.home = home;
    }

    /** What a program of the user said, and how it ended. */
    record Said(List<String> lines, int code) {}

    static OrdinaryUser made(int id) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("openshell-ordinary");
        Files.createDirectory(home.resolve("tmp"));
        run("chown", "-R", id + ":" + id, home.toString());
        run("chmod", "755", home.toString());
        return new OrdinaryUser(id, home);
    }

    int id() {
        return id;
    }

    boolean mayHaveNamespaces() throws IOException, InterruptedException {
        Process trial = new ProcessBuilder(inNamespace(List.of("true"))).start();
        trial.getOutputStream().write('\n');
        trial.getOutputStream().close();
        return trial.waitFor() == 0;
    }

    /**
     * Runs a class of this build in a user namespace of the user; blocks until it has ended.
     *
     * @param map of ids, for users and groups
     * @param arguments the class and what it is told
     */
    Said java(String map, boolean groupsDenied, List<String> arguments, long limitSeconds) {
        try {
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                    "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djnr.ffi.x86asm.enabled=false", "--enable-native-access=ALL-UNNAMED",
                    "-Djava.io.tmpdir=" + home.resolve("tmp"), "-cp", readableClassPath()));
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(inNamespace(command)).redirectErrorStream(true).directory(home.resolve("tmp").toFile());
            builder.environment().keySet().removeIf(name -> !name.equals("PATH") && !name.equals("LANG"));
            builder.environment().put("HOME", home.resolve("tmp").toString());
            return heard(builder.start(), map, groupsDenied, limitSeconds);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Said heard(Process process, String map, boolean groupsDenied, long limitSeconds) throws IOException, InterruptedException {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            CompletableFuture.delayedExecutor(limitSeconds, TimeUnit.SECONDS).execute(process::destroyForcibly);
            assertThat(lines.readLine()).isEqualTo("ready");
            Path proc = Path.of("/proc", Long.toString(process.pid()));
            if (groupsDenied) {
                Files.writeString(proc.resolve("setgroups"), "deny");
            }
            Files.writeString(proc.resolve("uid_map"), map);
            Files.writeString(proc.resolve("gid_map"), map);
            process.getOutputStream().write('\n');
            process.getOutputStream().close();
            return new Said(lines.lines().toList(), process.waitFor());
        }
    }

    /** The command in a user namespace that knows no ids yet: it waits for a line of input, and keeps what it may do there. */
    private List<String> inNamespace(List<String> command) {
        List<String> all = new ArrayList<>(List.of("setpriv", "--reuid", "" + id, "--regid", "" + id, "--clear-groups",
                "unshare", "--user", "--keep-caps", "/bin/sh", "-c", "echo ready; read go; exec \"$@\"", "sh"));
        all.addAll(command);
        return all;
    }

    /** The user may not enter the folders that hold this build. */
    private String readableClassPath() throws IOException, InterruptedException {
        Path to = Files.createDirectory(home.resolve("lib"));
        List<String> places = new ArrayList<>();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : classPath.split(File.pathSeparator)) {
            Path from = Path.of(entry);
            Path copy = to.resolve(places.size() + "-" + from.getFileName());
            if (Files.isDirectory(from)) {
                run("cp", "-r", from.toString(), copy.toString());
            } else if (Files.exists(from)) {
                Files.copy(from, copy);
            } else {
                continue;
            }
            places.add(copy.toString());
        }
        run("chmod", "-R", "a+rX", to.toString());
        return String.join(File.pathSeparator, places);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as("%s", List.of(command)).isZero();
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
