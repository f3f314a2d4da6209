package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.users.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
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
    private static final long SUB_IDS = 1_000_000_000L + ProcessHandle.current().pid() % 1_000 * 65_536;
    private static final List<OrdinaryUser> USERS = new ArrayList<>();
    private static CompletableFuture<OrdinaryUser.Said> withSubIds;
    private static CompletableFuture<OrdinaryUser.Said> withOneId;

    /** Both at once: they wait far more than they work, and are different users. */
    @BeforeAll
    static void begin() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Standing.here().kind() == Standing.Kind.ROOT, "needs root, to become an ordinary user");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs the program setpriv");
        int id = 700_000 + (int) (ProcessHandle.current().pid() % 10_000) * 2;
        OrdinaryUser first = user(id);
        Assumptions.assumeTrue(first.mayHaveNamespaces(), "needs a kernel that lets ordinary users have user namespaces");
        withSubIds = begun(first, first.id() + " " + first.id() + " 1\n2000000 " + SUB_IDS + " 65536\n", false, CLASSES);
        OrdinaryUser second = user(id + 1);
        withOneId = begun(second, second.id() + " " + second.id() + " 1\n", true, WITH_ONE_ID);
    }

    private static OrdinaryUser user(int id) throws IOException, InterruptedException {
        OrdinaryUser user = OrdinaryUser.made(id);
        USERS.add(user);
        return user;
    }

    private static CompletableFuture<OrdinaryUser.Said> begun(OrdinaryUser user, String map, boolean groupsDenied, List<Class<?>> tests) {
        List<String> arguments = new ArrayList<>(List.of(TestsInside.class.getName()));
        tests.forEach(each -> arguments.add(each.getName()));
        return CompletableFuture.supplyAsync(() -> user.java(map, groupsDenied, arguments, LIMIT_SECONDS), work -> Thread.ofPlatform().start(work));
    }

    @AfterAll
    static void end() throws IOException {
        for (OrdinaryUser user : USERS) {
            user.close();
        }
        USERS.clear();
    }

    @TestFactory
    Stream<DynamicNode> sandboxesOfAUserWithSubIds() throws Exception {
        return told(withSubIds.get(LIMIT_SECONDS * 2, TimeUnit.SECONDS), CLASSES);
    }

    @TestFactory
    Stream<DynamicNode> sandboxesOfAUserWithoutSubIds() throws Exception {
        return told(withOneId.get(LIMIT_SECONDS * 2, TimeUnit.SECONDS), WITH_ONE_ID);
    }

    /** All of it has run when this is called; what is returned only tells. */
    private static Stream<DynamicNode> told(OrdinaryUser.Said said, List<Class<?>> classes) {
        List<String> lines = said.lines();
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
            assertThat(said.code()).as("%s", String.join("\n", lines)).isZero();
            assertThat(named.keySet()).containsAll(classes.stream().map(Class::getSimpleName).toList());
        }));
        return all.stream();
    }
}
