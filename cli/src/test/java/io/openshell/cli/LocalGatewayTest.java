package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.cli.config.ClientPaths;
import io.openshell.cli.config.Installation;
import io.openshell.cli.local.GatewayStart;
import io.openshell.cli.local.LocalGateway;
import io.openshell.cli.output.Steps;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.wire.v1.HealthResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalGatewayTest {
    @TempDir
    Path folder;

    private ClientPaths paths;

    @BeforeEach
    void prepare() throws IOException {
        paths = new ClientPaths(folder.resolve("config"), folder.resolve("state"), folder.resolve("system"));
        Files.createDirectories(paths.state());
        Files.createDirectories(folder.resolve("dist/gateway"));
    }

    @Test
    void gatewayThatEndsAtOnceIsReportedWithItsLastLine() throws IOException {
        LocalGateway gateway = with("#!/bin/sh\necho starting\necho 'port 17670 is in use' >&2\nexit 1\n");
        assertThatThrownBy(() -> gateway.start(new GatewayStart(17670, null), steps()))
                .isInstanceOf(CliException.class).hasMessageContaining("port 17670 is in use");
    }

    @Test
    void gatewayAskedForAsSuchIsCompiledFullyAndOneACommandNeedsIsThereSooner() throws IOException {
        LocalGateway gateway = with("#!/bin/sh\necho \"$*\" >&2\nexit 1\n");
        assertThatThrownBy(() -> gateway.start(new GatewayStart(17670, null), steps()))
                .hasMessageContaining("-Xmx384m").hasMessageContaining("TieredStopAtLevel=1");
        assertThatThrownBy(() -> gateway.start(new GatewayStart(17670, null, List.of(), true, "2g"), steps()))
                .hasMessageContaining("-Xmx2g").hasMessageNotContaining("TieredStopAtLevel");
    }

    @Test
    void gatewayOfTheUsualSizeBeginsWithLessThanItMayTakeAndALargerOneAsTheJvmSeesFit() throws IOException {
        LocalGateway gateway = with("#!/bin/sh\necho \"$*\" >&2\nexit 1\n");
        assertThatThrownBy(() -> gateway.start(new GatewayStart(17670, null), steps()))
                .hasMessageContaining("-Xmx384m").hasMessageContaining("-Xms");
        assertThatThrownBy(() -> gateway.start(new GatewayStart(17670, null, List.of(), true, "2g"), steps()))
                .hasMessageContaining("-Xmx2g").hasMessageNotContaining("-Xms");
    }

    @Test
    void runningGatewayIsNotStartedAgain() throws IOException {
        try (StandInGateway answering = new StandInGateway(UnixDomainSocketAddress.of(paths.socket()))) {
            answering.on("Health", Reply.of(HealthResponse.getDefaultInstance()));
            assertThat(with("#!/bin/sh\nexit 1\n").start(new GatewayStart(17670, null), steps())).isFalse();
        }
    }

    @Test
    void stopOfAProcessThatIsNoGatewayLeavesItAlone() throws IOException, InterruptedException {
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(paths.pidFile(), stranger.pid() + "\n");
            assertThat(with("").stop()).isFalse();
            assertThat(stranger.isAlive()).isTrue();
            assertThat(paths.pidFile()).doesNotExist();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void stopEndsTheGatewayAndRemovesItsProcessId() throws IOException, InterruptedException {
        Process gateway = new ProcessBuilder("sh", "-c", "sleep 60 & wait", "io.openshell.gateway.Main").start();
        try {
            Files.writeString(paths.pidFile(), gateway.pid() + "\n");
            assertThat(with("").stop()).isTrue();
            assertThat(paths.pidFile()).doesNotExist();
        } finally {
            gateway.descendants().forEach(ProcessHandle::destroyForcibly);
            gateway.destroyForcibly().waitFor();
        }
    }

    private LocalGateway with(String java) throws IOException {
        Path program = Files.writeString(folder.resolve("java"), java);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new LocalGateway(paths, new Installation(folder.resolve("dist"), program));
    }

    private static Steps steps() {
        return new Steps(new PrintStream(OutputStream.nullOutputStream()), false);
    }
}
