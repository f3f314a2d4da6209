package io.openshell.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.agent.docker.DockerFixture.Result;
import io.openshell.agent.runtime.LaunchException;
import io.openshell.agent.runtime.LimitHit;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.Shares;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real containers: skipped where no engine has the test images. */
class DockerSandboxTest {
    private static final Shares SMALL = new Shares(0, 48L << 20, 40, 16L << 20);
    private DockerFixture fixture;
    private RunningSandbox box;

    @BeforeEach
    void open() throws IOException {
        fixture = new DockerFixture();
    }

    @AfterEach
    void close() throws IOException {
        if (fixture != null) {
            if (box != null) {
                box.stop();
            }
            fixture.close();
        }
    }

    @Test
    void aSandboxFromAnImageHasTheSealOfEveryOther() throws Exception {
        box = fixture.launch("seal", DockerFixture.TOOLS, Shares.USUAL, "sleep", "100");
        assertThat(box.layers()).allMatch(LayerReport.Enforced.class::isInstance)
                .anyMatch(l -> l.kind() == LayerKind.RESOURCES);
        Result status = DockerFixture.exec(box, "cat", "/proc/self/status");
        assertThat(status.out()).contains("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2")
                .containsPattern("Uid:\t([23]\\d{6})\t\\1\t\\1\t\\1\n");
        assertThat(DockerFixture.exec(box, "sh", "-c", "id -un; hostname; echo $FROM_IMAGE $USER_VAR; grep builder /etc/passwd").out())
                .isEqualTo("sandbox\nbox\nyes 1\nbuilder:x:1000:1000::/home:/bin/sh\n");
    }

    @Test
    void onlyWhatThePolicyNamesIsReadAndOnlyTheWorkspaceAndTmpAreWritten() throws Exception {
        box = fixture.launch("files", DockerFixture.TOOLS, Shares.USUAL, "sleep", "100");
        assertThat(DockerFixture.exec(box, "sh", "-c", "cat /app/file; echo a > /sandbox/a; echo b > /tmp/b; cat /sandbox/a /tmp/b").out())
                .isEqualTo("here\na\nb\n");
        assertThat(DockerFixture.exec(box, "ls", "/").err()).contains("Permission denied");
        assertThat(DockerFixture.exec(box, "sh", "-c", "echo x > /app/x").code()).isNotZero();
        assertThat(DockerFixture.exec(box, "sh", "-c", "echo x > /etc/x").code()).isNotZero();
    }

    @Test
    void theOnlyNetworkIsLoopbackWithTheProxysAddress() throws Exception {
        box = fixture.launch("net", DockerFixture.TOOLS, Shares.USUAL, "sleep", "100");
        assertThat(DockerFixture.exec(box, "cat", "/proc/net/dev").out().lines().filter(l -> l.contains(":")).toList())
                .singleElement().asString().startsWith("    lo:");
        // The listener is there, though nobody answers yet: connecting works, reading waits.
        assertThat(DockerFixture.exec(box, "sh", "-c", "nc -w 2 10.200.0.1 3128 -e /bin/true && echo open")).isEqualTo(new Result(0, "open\n", ""));
        assertThat(DockerFixture.exec(box, "sh", "-c", "nc -w 2 192.0.2.1 80 -e /bin/true").code()).isNotZero();
    }

    @ParameterizedTest
    @CsvSource({"local/bare:1, cat, /sandbox/greeting, hello", "local/musl:1, /bin/hello, '', hello from musl"})
    void anImageNeedsNothingButAShell(String image, String program, String argument, String expected) throws Exception {
        box = fixture.launch("bare", image, Shares.USUAL, "sleep", "100");
        assertThat(DockerFixture.exec(box, "sh", "-c", "echo hello > /sandbox/greeting").code()).isZero();
        assertThat(DockerFixture.exec(box, program, argument).out()).isEqualTo(expected + "\n");
    }

    @Test
    void aContainerKilledFromOutsideIsNoticedWithinASecondWithItsReason() throws Exception {
        box = fixture.launch("lost", DockerFixture.TOOLS, Shares.USUAL, "sleep", "100");
        assertThat(box.lost()).isEmpty();
        String container = fixture.containers("lost").getFirst();
        long before = System.nanoTime();
        fixture.engine.call("kill", () -> fixture.engine.streaming().killContainerCmd(container).exec());
        box.main().exit().toCompletableFuture().get(1, TimeUnit.SECONDS);
        assertThat(box.lost()).hasValueSatisfying(why -> assertThat(why).contains("signal 9", "somebody outside"));
        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(2));
    }

    private void engine(String action, String sandboxId) throws Exception {
        String container = fixture.containers(sandboxId).getFirst();
        var client = fixture.engine.streaming();
        fixture.engine.call(action, () -> switch (action) {
            case "pause" -> client.pauseContainerCmd(container).exec();
            case "unpause" -> client.unpauseContainerCmd(container).exec();
            default -> throw new IllegalArgumentException(action);
        });
    }

    @Test
    void aPausedContainerIsNoticedAtOnceRefusesCommandsAndGoesOnAsItWas() throws Exception {
        LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        fixture.runtime.onPauses(told::add);
        String id = "paused" + ProcessHandle.current().pid();
        box = fixture.launch(id, DockerFixture.TOOLS, Shares.USUAL, "sh", "-c", "while :; do echo x >> /sandbox/ticks; sleep 0.02; done");
        var ticks = fixture.home.resolve("state/sandboxes/" + id + "/workspace/ticks");
        DockerFixture.await("it works", () -> Files.exists(ticks));
        assertThat(box.paused()).isEmpty();
        engine("pause", id);
        assertThat(told.poll(1, TimeUnit.SECONDS)).isEqualTo(id);
        assertThat(box.paused()).hasValueSatisfying(why -> assertThat(why).contains("somebody outside", "`docker unpause openshell-" + id + "-i1`"));
        assertThatThrownBy(() -> DockerFixture.exec(box, "true")).isInstanceOf(LaunchException.class).hasMessageContaining("docker unpause");
        assertThat(box.main().exit().toCompletableFuture()).isNotDone();
        long held = Files.size(ticks);
        engine("unpause", id);
        assertThat(told.poll(1, TimeUnit.SECONDS)).isEqualTo(id);
        assertThat(box.paused()).isEmpty();
        DockerFixture.await("it goes on", () -> ticks.toFile().length() > held);
        assertThat(DockerFixture.exec(box, "echo", "alive").out()).isEqualTo("alive\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPausedContainerIsEndedByItsOwnAgentAndByALaterOne(boolean own) throws Exception {
        String id = "ended" + ProcessHandle.current().pid() + own;
        box = fixture.launch(id, DockerFixture.TOOLS, Shares.USUAL, "sleep", "100");
        engine("pause", id);
        if (own) {
            box.stop();
        } else {
            try (DockerRuntime later = fixture.another()) {
                later.removeLeftovers(id);
            }
        }
        assertThat(box.main().exit().toCompletableFuture().get(2, TimeUnit.SECONDS)).isEqualTo(137);
        assertThat(fixture.containers(id)).isEmpty();
    }

    @Test
    void runningOutOfMemoryIsToldWithItsCause() throws Exception {
        box = fixture.launch("oom", DockerFixture.TOOLS, new Shares(0, 48L << 20, 0, 512L << 20), "sleep", "100");
        // Control: within its share nothing happens.
        assertThat(DockerFixture.exec(box, "dd", "if=/dev/zero", "of=/tmp/a", "bs=1M", "count=8").code()).isZero();
        assertThat(box.limitHits()).isEmpty();
        assertThat(DockerFixture.exec(box, "dd", "if=/dev/zero", "of=/tmp/b", "bs=1M", "count=200").code()).isNotZero();
        assertThat(box.limitHits()).extracting(LimitHit::limit).containsExactly("memory");
    }

    @Test
    void tooManyProcessesAreRefusedAndTold() throws Exception {
        box = fixture.launch("pids", DockerFixture.TOOLS, SMALL, "sleep", "100");
        DockerFixture.exec(box, "sh", "-c", "for i in $(seq 80); do sleep 5 & done; exit 0");
        List<LimitHit> hits = new ArrayList<>();
        DockerFixture.await("refused processes", () -> hits.addAll(box.limitHits()) || !hits.isEmpty());
        assertThat(hits).extracting(LimitHit::limit).containsExactly("processes");
    }

    @Test
    void stoppingLeavesNoContainerAndTheWorkspaceStays() throws Exception {
        box = fixture.launch("again", DockerFixture.TOOLS, Shares.USUAL, "sleep", "100");
        DockerFixture.exec(box, "sh", "-c", "echo kept > /sandbox/note");
        box.stop();
        assertThat(fixture.containers("again")).isEmpty();
        box = fixture.launch("again", DockerFixture.TOOLS, Shares.USUAL, "sleep", "100");
        assertThat(DockerFixture.exec(box, "cat", "/sandbox/note").out()).isEqualTo("kept\n");
        box.stop();
        fixture.runtime.purge("again");
        assertThat(fixture.home.resolve("state/sandboxes/again")).doesNotExist();
    }

    @Test
    void aLaterStartOfTheAgentRemovesWhatAnEarlierOneLeft() throws Exception {
        box = fixture.launch("left", DockerFixture.TOOLS, Shares.USUAL, "sleep", "100");
        try (DockerRuntime later = fixture.another()) {
            later.removeLeftovers("left");
        }
        assertThat(fixture.containers("left")).isEmpty();
        assertThat(box.main().exit().toCompletableFuture().get(2, TimeUnit.SECONDS)).isEqualTo(137);
    }

    @Test
    void anUnknownImageIsNamed() throws Exception {
        assertThat(fixture.outcome("none", "localhost:9/none:1", Shares.USUAL, "true").toString())
                .contains("stage=source", "localhost:9/none:1");
        assertThat(fixture.containers("none")).isEmpty();
    }

    @Test
    void aBuildTellsItsStepsAndItsImageRuns() throws Exception {
        var folder = fixture.home.resolve("ctx");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("Dockerfile"), "FROM local/tools:1\nCOPY note /app/note\n");
        Files.writeString(folder.resolve("note"), "built\n");
        List<String> lines = java.util.Collections.synchronizedList(new ArrayList<>());
        new ImageBuild(fixture.engine).build(folder, folder.resolve("Dockerfile"), "openshell/test-build:1", lines::add);
        assertThat(lines).anyMatch(l -> l.contains("COPY note"));
        box = fixture.launch("built", "openshell/test-build:1", Shares.USUAL, "sleep", "100");
        assertThat(DockerFixture.exec(box, "cat", "/app/note").out()).isEqualTo("built\n");
        box.stop();
        fixture.engine.call("remove image", () -> fixture.engine.streaming().removeImageCmd("openshell/test-build:1").exec());
    }

    @Test
    void aFailingBuildSaysWhatTheEngineSays() throws Exception {
        var folder = fixture.home.resolve("bad");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("Dockerfile"), "FROM local/tools:1\nRUN false\n");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new ImageBuild(fixture.engine)
                        .build(folder, folder.resolve("Dockerfile"), "openshell/test-build:2", line -> {}))
                .isInstanceOf(EngineException.class).hasMessageContaining("non-zero code");
    }
}
