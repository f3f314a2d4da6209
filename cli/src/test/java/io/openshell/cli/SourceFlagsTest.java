package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.cli.CliRun.Outcome;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.wire.control.v1.BuildImageRequest;
import io.openshell.wire.control.v1.SourceProgress;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import io.openshell.wire.v1.SandboxResponse;
import io.openshell.wire.v1.SandboxStatus;
import io.openshell.wire.v1.SandboxStreamEvent;
import io.openshell.wire.v1.SandboxTemplate;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFlagsTest {
    private static final Sandbox READY = Sandbox.newBuilder().setMetadata(ObjectMeta.newBuilder().setId("id-1").setName("demo"))
            .setStatus(SandboxStatus.newBuilder().setPhase(SandboxPhase.SANDBOX_PHASE_READY)).build();

    @TempDir
    Path home;

    private final AtomicReference<SandboxTemplate> asked = new AtomicReference<>(SandboxTemplate.getDefaultInstance());
    private StandInGateway gateway;
    private CliRun cli;

    @BeforeEach
    void start() throws IOException {
        cli = new CliRun(home);
        Files.createDirectories(cli.socket().getParent());
        gateway = new StandInGateway(UnixDomainSocketAddress.of(cli.socket()));
        gateway.on("CreateSandbox", request -> {
            asked.set(parsed(request).getSpec().getTemplate());
            return Reply.of(SandboxResponse.newBuilder().setSandbox(READY).build());
        }).on("WatchSandbox", Reply.of(SandboxStreamEvent.newBuilder().setSandbox(READY).build()));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
    }

    private static CreateSandboxRequest parsed(byte[] request) {
        try {
            return CreateSandboxRequest.parseFrom(request);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anImageAndLimitsGoIntoTheTemplate() {
        Outcome outcome = cli.run("sandbox", "create", "--from", "ghcr.example/tools:2", "--cpu", "500m", "--memory", "1Gi", "--detach");
        assertThat(outcome.exitCode()).isZero();
        assertThat(asked.get().getImage()).isEqualTo("ghcr.example/tools:2");
        assertThat(asked.get().getResources().getFieldsOrThrow("limits").getStructValue().getFieldsMap())
                .containsOnlyKeys("cpu", "memory");
    }

    @Test
    void nothingSaidIsNothingAsked() {
        assertThat(cli.run("sandbox", "create", "--detach").exitCode()).isZero();
        assertThat(asked.get()).isEqualTo(SandboxTemplate.getDefaultInstance());
    }

    @Test
    void aFolderWithADockerfileIsBuiltAndItsStepsAreShown() throws IOException {
        Files.writeString(home.resolve("Dockerfile"), "FROM x\n");
        AtomicReference<byte[]> build = new AtomicReference<>(new byte[0]);
        gateway.on("BuildImage", request -> {
            build.set(request);
            return Reply.of(SourceProgress.newBuilder().setLine("Step 1/1 : FROM x").build(),
                    SourceProgress.newBuilder().setSource("openshell/sandbox-from:7").build());
        });
        Outcome outcome = cli.run("sandbox", "create", "--from", home.toString(), "--detach");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).contains("Building " + home, "Step 1/1 : FROM x");
        assertThat(asked.get().getImage()).isEqualTo("openshell/sandbox-from:7");
        assertThat(BuildImageRequest.parseFrom(build.get()).getDockerfile()).isEqualTo(home.resolve("Dockerfile").toString());
    }

    @Test
    void aFolderWithoutOneIsAFileTree() {
        gateway.on("BringTree", Reply.of(SourceProgress.newBuilder().setSource("rootfs:tree-1").build()));
        assertThat(cli.run("sandbox", "create", "--from", home.toString(), "--detach").exitCode()).isZero();
        assertThat(asked.get().getImage()).isEqualTo("rootfs:tree-1");
    }

    @Test
    void aFailedBuildMakesNoSandbox() throws IOException {
        Files.writeString(home.resolve("Dockerfile"), "FROM x\n");
        gateway.on("BuildImage", Reply.refusal(9, "returned a non-zero code: 1"));
        Outcome outcome = cli.run("sandbox", "create", "--from", home.resolve("Dockerfile").toString(), "--detach");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("non-zero code");
        assertThat(gateway.calls()).doesNotContain("CreateSandbox");
    }

    @Test
    void aPathWithNothingThereIsNoImage() {
        Outcome outcome = cli.run("sandbox", "create", "--from", "./no-such-thing", "--detach");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("no such file or folder");
        assertThat(gateway.calls()).doesNotContain("CreateSandbox");
    }
}
