package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.launcher.SandboxFixture.Result;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.workspace.Workspace;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.Shares;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A workspace with a size, and what is left of it afterwards: nothing. */
class WorkspaceSizeTest {
    private static final long MIB = 1L << 20;
    /** Of this process alone: what an agent left without a record is looked for on the whole machine. */
    private static final String SIZED = "sized-" + ProcessHandle.current().pid();
    private static final String OTHER = "other-" + ProcessHandle.current().pid();
    private CatalogueSetting setting;
    private Path state;

    /** Where the sandboxes run; skips the test where they cannot. */
    CatalogueSetting setting() throws Exception {
        return CatalogueSetting.onTheHost();
    }

    @BeforeEach
    void open() throws Exception {
        setting = setting();
        Optional<String> obstacle = Workspace.obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(), "needs root, loop devices and mkfs.ext4: " + obstacle);
        state = setting.state();
    }

    @AfterEach
    void close() throws Exception {
        if (setting != null) {
            if (state != null) {
                Stream.of(SIZED, OTHER).forEach(setting.runtime()::purge);
                HeldDisks.awaitGivenBack(state);
                assertThat(mounts()).isEmpty();
            }
            setting.close();
        }
    }

    private List<String> mounts() throws IOException {
        return HeldDisks.mounts(state);
    }

    private List<String> loops() throws IOException {
        return HeldDisks.devices(state);
    }

    private Path workspace(String id) {
        return state.resolve("sandboxes").resolve(id).resolve("workspace");
    }

    private RunningSandbox launch(String id, long bytes) {
        return launch(id, bytes, PolicyDocument.empty());
    }

    private RunningSandbox launch(String id, long bytes, PolicyDocument policy) {
        LaunchOutcome outcome = setting.launch(new LaunchRequest(id, "i1", "box", policy, List.of("sleep", "600"), Map.of(), false),
                new Shares(0, 0, 0, bytes));
        assertThat(outcome).as("%s", outcome).isInstanceOf(LaunchOutcome.Running.class);
        return ((LaunchOutcome.Running) outcome).sandbox();
    }

    private static Result sh(RunningSandbox box, String script) throws Exception {
        return SandboxFixture.exec(box, false, "sh", "-c", script);
    }

    private static LayerReport resources(RunningSandbox box) {
        return box.layers().stream().filter(each -> each.kind() == LayerKind.RESOURCES).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 8, 100, 256, 3_000, 40_000})
    void whatWasAskedForCanBeUsedAndLittleMore(long mebibytes) throws Exception {
        RunningSandbox box = launch(SIZED, mebibytes * MIB);
        assertThat(box.evidence()).containsEntry("workspace", mebibytes + " MiB, a file system of its own, seen from inside");
        long usable = Long.parseLong(sh(box, "df -k /sandbox | tail -1").out().trim().split(" +")[3]) * 1024;
        assertThat(usable).isBetween(mebibytes * MIB, mebibytes * MIB * 103 / 100 + MIB);
        box.stop();
    }

    @Test
    void whatIsFullIsFullForThisSandboxAlone() throws Exception {
        RunningSandbox box = launch(SIZED, 16 * MIB);
        RunningSandbox other = launch(OTHER, 0);
        assertThat(sh(box, "dd if=/dev/zero of=/sandbox/a bs=1M count=15").code()).isZero();
        Result full = sh(box, "dd if=/dev/zero of=/sandbox/b bs=1M count=64");
        assertThat(full.code()).isNotZero();
        assertThat(full.err()).contains("No space left");
        assertThat(Files.size(workspace(SIZED).resolve("a")) + Files.size(workspace(SIZED).resolve("b"))).isBetween(16 * MIB, 18 * MIB);
        assertThat(sh(box, "echo x > /tmp/x && echo fine").out()).as("its /tmp is another").isEqualTo("fine\n");
        assertThat(sh(other, "dd if=/dev/zero of=/sandbox/a bs=1M count=64").code()).as("nobody asked for a limit").isZero();
        Files.writeString(state.resolve("host"), "has room");
        assertThat(sh(box, "rm /sandbox/a && dd if=/dev/zero of=/sandbox/c bs=1M count=12").code()).as("what is deleted is free again").isZero();
        box.stop();
        other.stop();
        Files.delete(state.resolve("host"));
    }

    @Test
    void smallFilesRunOutOfSpaceAndNotOfNames() throws Exception {
        RunningSandbox box = launch(SIZED, 32 * MIB);
        Result r = sh(box, "i=0; while [ $i -lt 6000 ]; do echo $i > /sandbox/$i || exit 3; i=$((i+1)); done; ls /sandbox | wc -l");
        assertThat(r.out().trim()).as("%s", r).isEqualTo("6000");
        box.stop();
    }

    @Test
    void itLooksLikeTheFolderItIsOn() throws Exception {
        RunningSandbox plain = launch(OTHER, 0);
        RunningSandbox box = launch(SIZED, 16 * MIB);
        String look = "ls -A /sandbox; ls -ldn /sandbox | cut -c1-10; mkdir /sandbox/d && rmdir /sandbox/d && echo mine";
        assertThat(sh(box, look)).isEqualTo(sh(plain, look));
        assertThat(Files.getAttribute(workspace(SIZED), "unix:uid")).hasToString(box.evidence().get("Uid").split(" ")[0]);
        assertThat(mounts()).singleElement().asString().contains("nosuid", "nodev", " ext4 ");
        assertThat(resources(box).toString()).contains("workspace 16 MiB").doesNotContain("no limit");
        assertThat(resources(plain).toString()).doesNotContain("workspace");
        box.stop();
        plain.stop();
    }

    @Test
    void aStopKeepsItsFilesAndHoldsNothingOfTheMachine() throws Exception {
        RunningSandbox box = launch(SIZED, 16 * MIB);
        assertThat(sh(box, "echo kept > /sandbox/note; echo $$ > /sandbox/lost+found").code()).isZero();
        assertThat(workspace(SIZED).resolve("note")).as("seen from outside").hasContent("kept");
        assertThat(loops()).hasSize(1);
        box.stop();
        assertThat(mounts()).isEmpty();
        HeldDisks.awaitGivenBack(state);
        assertThat(workspace(SIZED)).isEmptyDirectory();
        box = launch(SIZED, 16 * MIB);
        assertThat(sh(box, "cat /sandbox/note; ls /sandbox").out()).isEqualTo("kept\nlost+found\nnote\n");
        box.stop();
    }

    @Test
    void whoStillLooksAtItDoesNotKeepItFromBeingStartedOrRemoved() throws Exception {
        RunningSandbox box = launch(SIZED, 16 * MIB);
        assertThat(sh(box, "echo kept > /sandbox/note").code()).isZero();
        try (var open = Files.newInputStream(workspace(SIZED).resolve("note"))) {
            box.stop();
            assertThat(mounts()).isEmpty();
            box = launch(SIZED, 16 * MIB);
            assertThat(loops()).as("one disk with this content, not two").hasSize(1);
            assertThat(sh(box, "cat /sandbox/note; echo more >> /sandbox/note").out()).isEqualTo("kept\n");
            assertThat(new String(open.readAllBytes())).isEqualTo("kept\nmore\n");
            box.stop();
            setting.runtime().purge(SIZED);
            assertThat(workspace(SIZED).getParent()).doesNotExist();
        }
    }

    @Test
    void aStartWhileMuchIsStillWrittenFindsAllOfIt() throws Exception {
        RunningSandbox box = launch(SIZED, 500 * MIB);
        String sum = "head -c 400000000 /dev/zero | tee /sandbox/a | cksum; cksum < /sandbox/a";
        String sums = sh(box, sum).out();
        assertThat(sums.lines().distinct()).as(sums).hasSize(1);
        box.stop();
        box = launch(SIZED, 500 * MIB);
        assertThat(loops()).hasSize(1);
        assertThat(sh(box, "cksum < /sandbox/a").out()).isEqualTo(sums.lines().findFirst().orElseThrow() + "\n");
        box.stop();
    }

    @Test
    void aReadOnlyPathInsideIsReadOnly() throws Exception {
        launch(SIZED, 16 * MIB).stop();
        RunningSandbox box = launch(SIZED, 16 * MIB);
        assertThat(sh(box, "mkdir /sandbox/kept && echo a > /sandbox/kept/a").code()).isZero();
        box.stop();
        box = launch(SIZED, 16 * MIB, PolicyDocument.empty().withFilesystem(new FilesystemPolicy(true, List.of("/sandbox/kept"), List.of())));
        assertThat(sh(box, "echo b > /sandbox/b && cat /sandbox/kept/a").out()).isEqualTo("a\n");
        assertThat(sh(box, "echo b > /sandbox/kept/a").code()).isNotZero();
        box.stop();
    }

    @Test
    void oneThatHadFilesBeforeSaysThatItHasNoLimit() throws Exception {
        RunningSandbox box = launch(SIZED, 0);
        assertThat(sh(box, "echo kept > /sandbox/note").code()).isZero();
        box.stop();
        box = launch(SIZED, 16 * MIB);
        assertThat(sh(box, "cat /sandbox/note").out()).isEqualTo("kept\n");
        assertThat(resources(box)).isEqualTo(new LayerReport.Weakened(LayerKind.RESOURCES,
                "the workspace has no limit: it has files from before it could have a size"));
        assertThat(box.evidence().get("workspace")).startsWith("no limit: ");
        box.stop();
    }

    @Test
    void anImageThatCannotBeMountedIsAFailureAndNotAnEmptyWorkspace() throws Exception {
        launch(SIZED, 16 * MIB).stop();
        HeldDisks.awaitGivenBack(state);
        Path image = workspace(SIZED).resolveSibling("workspace.image");
        Files.write(image, new byte[4096]);
        LaunchOutcome outcome = setting.launch(new LaunchRequest(SIZED, "i1", "box", PolicyDocument.empty(), List.of("true"), Map.of(), false),
                new Shares(0, 0, 0, 16 * MIB));
        assertThat(outcome).isInstanceOfSatisfying(LaunchOutcome.Failed.class, f -> assertThat(f.message()).contains("workspace.image", "cannot be mounted"));
        assertThat(loops()).isEmpty();
    }

    @Test
    void aStartThatFailsLeavesNothing() throws Exception {
        LaunchOutcome outcome = setting.launch(new LaunchRequest(SIZED, "i1", "box", PolicyDocument.empty(), List.of("/no/such/program"), Map.of(), false),
                new Shares(0, 0, 0, 16 * MIB));
        assertThat(outcome).isInstanceOf(LaunchOutcome.Failed.class);
        assertThat(mounts()).isEmpty();
        HeldDisks.awaitGivenBack(state);
    }

    @Test
    void manyStartsLeaveNothing() throws Exception {
        for (int i = 0; i < 20; i++) {
            RunningSandbox box = launch(SIZED, 16 * MIB);
            assertThat(sh(box, "dd if=/dev/zero of=/sandbox/a bs=1M count=64").code()).isNotZero();
            box.stop();
            setting.runtime().purge(SIZED);
            assertThat(mounts()).isEmpty();
        }
    }
}
