package io.openshell.testkit;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** An ordinary user that nothing else on this machine is, with a home and files of the product that he may read. For one thread. */
final class UserHome implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int USER = 710_000 + (int) (ProcessHandle.current().pid() % 10_000);
    /** In a namespace around it in which no further one may be made, as on a machine that forbids them to ordinary users. */
    private static final List<String> FORBIDDEN = List.of("unshare", "--user", "--map-user=" + USER, "--map-group=" + USER, "--keep-caps", "/bin/sh", "-c",
            "echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all \"$@\"", "sh");
    private final Path home;
    private final String classPath;
    private final int port;
    private final boolean forbidden;

    private UserHome(Path home, String classPath, int port, boolean forbidden) {
        this.home = home;
        this.classPath = classPath;
        this.port = port;
        this.forbidden = forbidden;
    }

    /** Skips the test, with the reason, where this process cannot become another user. */
    static UserHome make(boolean namespacesForbidden) throws IOException {
        Assumptions.assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "needs root, to become an ordinary user");
        Host.assumeSandboxes();
        Host.assumeProgram("/usr/bin/setpriv");
        Host.assumeProgram("/usr/bin/unshare");
        Path home = Files.createTempDirectory("openshell-user");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            UserHome user = new UserHome(home, copied(home), free.getLocalPort(), namespacesForbidden);
            root("chmod", "-R", "a+rX", home.toString());
            root("chown", USER + ":" + USER, home.toString());
            Assumptions.assumeTrue(user.run(List.of("unshare", "--user", "--map-user=" + USER, "true")).exitCode() == 0 || namespacesForbidden,
                    "needs a kernel that lets ordinary users have user namespaces");
            return user;
        }
    }

    private static String copied(Path home) throws IOException {
        Path lib = Files.createDirectories(home.resolve("lib"));
        List<String> places = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path copy = lib.resolve(places.size() + "-" + Path.of(entry).getFileName());
            if (Files.exists(Path.of(entry))) {
                root("cp", "-r", entry, copy.toString());
                places.add(copy.toString());
            }
        }
        return String.join(File.pathSeparator, places);
    }

    private static void root(String... command) throws IOException {
        Outcome outcome = ChildProcess.run(List.of(command), Map.of("PATH", "/usr/bin:/bin"), Path.of(System.getProperty("java.io.tmpdir")), LIMIT);
        if (outcome.exitCode() != 0) {
            throw new IOException(List.of(command) + ": " + outcome);
        }
    }

    /** The command line, as this user. */
    Outcome openshell(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djnr.ffi.x86asm.enabled=false", "--enable-native-access=ALL-UNNAMED",
                "-Dopenshell.dist=" + Installed.of(classPath, home), "-cp", classPath, "io.openshell.cli.Main"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private Outcome run(List<String> command) {
        List<String> all = new ArrayList<>(List.of("/usr/bin/setpriv", "--reuid", "" + USER, "--regid", "" + USER, "--clear-groups"));
        if (forbidden) {
            all.addAll(FORBIDDEN);
        }
        all.addAll(command);
        return ChildProcess.run(all, Map.of("PATH", "/usr/bin:/bin", "HOME", home.toString(), "NO_COLOR", "1",
                "OPENSHELL_GATEWAY_PORT", "" + port, "OPENSHELL_DOCKER_HOST", "off"), Path.of(System.getProperty("java.io.tmpdir")), LIMIT);
    }

    Path state() {
        return home.resolve(".local/state/openshell");
    }

    /** Ends the gateway as a crash would. */
    void killGateway() throws IOException {
        ProcessHandle gateway = ProcessHandle.of(Long.parseLong(Files.readString(state().resolve("gateway.pid")).trim())).orElseThrow();
        gateway.destroyForcibly();
        Await.until("the gateway is gone", LIMIT, () -> !gateway.isAlive(), this::processes);
    }

    /** What runs as this user. */
    String processes() {
        return ProcessHandle.allProcesses().filter(each -> owned(each.pid())).map(each -> each.pid() + " " + each.info().commandLine().orElse("?"))
                .collect(Collectors.joining("\n"));
    }

    private static boolean owned(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream().anyMatch(line -> line.startsWith("Uid:\t" + USER + "\t"));
        } catch (IOException ended) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        ProcessHandle.allProcesses().filter(each -> owned(each.pid())).forEach(ProcessHandle::destroyForcibly);
        Await.until("nothing of the user runs", LIMIT, () -> processes().isEmpty(), this::processes);
        try (Stream<Path> all = Files.walk(home)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
