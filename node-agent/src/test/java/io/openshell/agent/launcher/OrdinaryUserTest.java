package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.users.Standing;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The catalogue and the life of sandboxes once more, by an agent that is an ordinary user in a user namespace: the same test classes, run
 * in a process of a user that nothing else on the machine is.
 */
class OrdinaryUserTest {
    private static final List<Class<?>> CLASSES = List.of(FilesCatalogueTest.class, PrivilegesCatalogueTest.class, ReachCatalogueTest.class,
            WorkCatalogueTest.class, HostCatalogueTest.class, AttestationTest.class, LandlockDemandTest.class, SessionsTest.class, SandboxLifeTest.class, AdoptionTest.class);
    /** Where it matters whose id a sandbox has. */
    private static final List<Class<?>> WITH_ONE_ID = List.of(FilesCatalogueTest.class, PrivilegesCatalogueTest.class, ReachCatalogueTest.class, HostCatalogueTest.class,
            AttestationTest.class, SandboxLifeTest.class, AdoptionTest.class);
    private static final long LIMIT_SECONDS = 400;
    private static final int USER = 700_000 + (int) (ProcessHandle.current().pid() % 10_000);
    private static final long SUB_IDS = 1_000_000_000L + ProcessHandle.current().pid() % 1_000 * 65_536;
    private Path home;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Standing.here().kind() == Standing.Kind.ROOT, "needs root, to become an ordinary user");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs the program setpriv");
        home = Files.createTempDirectory("openshell-ordinary");
        Files.createDirectory(home.resolve("tmp"));
        run("chown", "-R", USER + ":" + USER, home.toString());
        run("chmod", "755", home.toString());
        Process trial = new ProcessBuilder(asUser(List.of("true"))).start();
        trial.getOutputStream().write('\n');
        trial.getOutputStream().close();
        Assumptions.assumeTrue(trial.waitFor() == 0, "needs a kernel that lets ordinary users have user namespaces");
    }

    @AfterEach
    void shut() throws IOException {
        if (home != null) {
            try (Stream<Path> all = Files.walk(home)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicNode> sandboxesOfAUserWithSubIds() throws Exception {
        return inside(USER + " " + USER + " 1\n2000000 " + SUB_IDS + " 65536\n", false, CLASSES);
    }

    @TestFactory
    Stream<DynamicNode> sandboxesOfAUserWithoutSubIds() throws Exception {
        return inside(USER + " " + USER + " 1\n", true, WITH_ONE_ID);
    }

    /** All of it runs here; what is returned only tells. */
    private Stream<DynamicNode> inside(String map, boolean groupsDenied, List<Class<?>> tests) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djnr.ffi.x86asm.enabled=false", "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + home.resolve("tmp"), "-cp", readableClassPath(), TestsInside.class.getName()));
        tests.forEach(each -> command.add(each.getName()));
        ProcessBuilder builder = new ProcessBuilder(asUser(command)).redirectErrorStream(true).directory(home.resolve("tmp").toFile());
        builder.environment().keySet().removeIf(name -> !name.equals("PATH") && !name.equals("LANG"));
        builder.environment().put("HOME", home.resolve("tmp").toString());
        Process process = builder.start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
            assertThat(lines.readLine()).isEqualTo("ready");
            Path proc = Path.of("/proc", Long.toString(process.pid()));
            if (groupsDenied) {
                Files.writeString(proc.resolve("setgroups"), "deny");
            }
            Files.writeString(proc.resolve("uid_map"), map);
            Files.writeString(proc.resolve("gid_map"), map);
            process.getOutputStream().write('\n');
            process.getOutputStream().close();
            return told(lines.lines().toList(), process.waitFor(), tests);
        }
    }

    /** The command in a user namespace that knows no ids yet: it waits for a line of input, and keeps what it may do there. */
    private static List<String> asUser(List<String> command) {
        List<String> all = new ArrayList<>(List.of("setpriv", "--reuid", "" + USER, "--regid", "" + USER, "--clear-groups",
                "unshare", "--user", "--keep-caps", "/bin/sh", "-c", "echo ready; read go; exec \"$@\"", "sh"));
        all.addAll(command);
        return all;
    }

    private static Stream<DynamicNode> told(List<String> lines, int code, List<Class<?>> classes) {
        Map<String, List<DynamicTest>> named = new TreeMap<>();
        for (String line : lines.stream().filter(l -> l.startsWith(TestsInside.LINE)).toList()) {
            String[] f = line.split("\t", -1);
            named.computeIfAbsent(f[2], name -> new ArrayList<>()).add(DynamicTest.dynamicTest(f[3], () -> {
                Assumptions.assumeFalse(f[1].equals("ABORTED"), f[3] + ": " + f[4].replaceFirst("^Assumption failed: ", ""));
                assertThat(f[1]).as("%s: %s", f[3], f[4]).isEqualTo("SUCCESSFUL");
            }));
        }
        List<DynamicNode> all = new ArrayList<>();
        named.forEach((name, tests) -> all.add(DynamicContainer.dynamicContainer(name, tests)));
        all.add(DynamicTest.dynamicTest("every class was run to its end", () -> {
            assertThat(code).as("%s", String.join("\n", lines)).isZero();
            assertThat(named.keySet()).containsAll(classes.stream().map(Class::getSimpleName).toList());
        }));
        return all.stream();
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
}
