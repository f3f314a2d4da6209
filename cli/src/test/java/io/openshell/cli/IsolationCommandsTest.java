package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.cli.CliRun.Outcome;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.cli.json.JsonText;
import io.openshell.wire.control.v1.AttestedLayer;
import io.openshell.wire.control.v1.Attestation;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import io.openshell.wire.sandbox.v1.GetSandboxConfigResponse;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import io.openshell.wire.v1.SandboxResponse;
import io.openshell.wire.v1.SandboxStatus;
import io.openshell.wire.v1.SandboxStreamEvent;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsolationCommandsTest {
    private static final Sandbox READY = Sandbox.newBuilder()
            .setMetadata(ObjectMeta.newBuilder().setId("id-1").setName("demo").setWorkspace("default"))
            .setStatus(SandboxStatus.newBuilder().setPhase(SandboxPhase.SANDBOX_PHASE_READY)).build();
    private static final AttestedLayer SECCOMP = layer("SECCOMP", "enforced", "filter abc seen in the started process");

    @TempDir
    Path folder;

    private CliRun cli;
    private StandInGateway gateway;

    @BeforeEach
    void prepare() throws IOException {
        cli = new CliRun(folder);
        Files.createDirectories(cli.socket().getParent());
        gateway = new StandInGateway(UnixDomainSocketAddress.of(cli.socket()));
        gateway.on("GetSandbox", Reply.of(SandboxResponse.newBuilder().setSandbox(READY).build()))
                .on("CreateSandbox", Reply.of(SandboxResponse.newBuilder().setSandbox(READY).build()))
                .on("WatchSandbox", Reply.of(SandboxStreamEvent.newBuilder().setSandbox(READY).build()))
                .on("GetSandboxConfig", Reply.of(GetSandboxConfigResponse.getDefaultInstance()));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
    }

    private static AttestedLayer layer(String kind, String state, String detail) {
        return AttestedLayer.newBuilder().setKind(kind).setState(state).setDetail(detail).build();
    }

    private void attests(AttestedLayer... layers) {
        Attestation.Builder attestation = Attestation.newBuilder().setSandboxId("id-1").setNode("local").setInstanceId("i1")
                .setEpoch(1).setProxyGeneration(2).putEvidence("Seccomp", "2").putEvidence("Groups", "");
        for (AttestedLayer layer : layers) {
            attestation.addLayers(layer);
        }
        gateway.on("GetAttestation", Reply.of(attestation.build()));
    }

    @Test
    void theAttestationIsATable() {
        attests(SECCOMP);
        Outcome outcome = cli.run("sandbox", "get", "demo", "--attestation");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out().lines().map(line -> line.replaceAll(" {2,}", "|"))).contains("LAYER|STATE|DETAIL",
                "seccomp|enforced|filter abc seen in the started process", "SEEN|VALUE", "Seccomp|2", "Groups|none", "proxy generation|2");
    }

    @Test
    void theAttestationIsADocument() {
        attests(SECCOMP);
        Object document = JsonText.parse(cli.run("sandbox", "get", "demo", "--attestation", "-o", "json").out());
        assertThat(document).isInstanceOfSatisfying(Map.class, map -> assertThat(map.get("evidence")).isEqualTo(
                Map.of("Seccomp", "2", "Groups", "")));
    }

    @Test
    void anUnstartedSandboxHasNone() {
        gateway.on("GetAttestation", Reply.refusal(9, "sandbox 'demo' has no attestation"));
        Outcome outcome = cli.run("sandbox", "get", "demo", "--attestation");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("has no attestation");
        assertThat(cli.run("sandbox", "get", "demo").out()).doesNotContain("Isolation:");
    }

    @Test
    void aWeakenedLayerIsShownAndWarnedOfAtCreate() {
        attests(SECCOMP, layer("LANDLOCK", "weakened", "version 4 cannot refuse: ioctl on devices"));
        String sentence = "landlock is weakened: version 4 cannot refuse: ioctl on devices";
        assertThat(cli.run("sandbox", "get", "demo").out()).contains("1 of 2 layers enforced; " + sentence);
        assertThat(cli.run("sandbox", "get", "demo", "-o", "json").out()).contains("isolation_gaps", sentence);
        assertThat(cli.run("sandbox", "create", "--name", "demo", "--detach").err()).contains("! " + sentence);
    }

    @Test
    void pathsLeftOutAreWarnedOf() {
        gateway.on("GetAttestation", Reply.of(Attestation.newBuilder().addLayers(SECCOMP).putEvidence("landlock.absent", "/data").build()));
        assertThat(cli.run("sandbox", "create", "--name", "demo", "--detach").err()).contains("! the policy lists paths", "/data");
    }

    @Test
    void aFullSealIsNotWarnedOf() {
        attests(SECCOMP);
        assertThat(cli.run("sandbox", "create", "--name", "demo", "--detach").err()).doesNotContain("!");
        assertThat(cli.run("sandbox", "get", "demo").out()).contains("1 of 1 layers enforced\n");
    }

    @Test
    void theDoctorNeedsTheProgramFiles() {
        Outcome outcome = cli.run("doctor");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("program files are missing");
    }
}
