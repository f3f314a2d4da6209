package io.openshell.gateway.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.gateway.TestGateway;
import io.openshell.gateway.TestGateway.Answer;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.wire.control.v1.AttestedLayer;
import io.openshell.wire.control.v1.Attestation;
import io.openshell.wire.control.v1.GetAttestationRequest;
import io.openshell.wire.control.v1.IsolationGrpcClient;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.OpenShellGrpcClient;
import io.openshell.wire.v1.SandboxSpec;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttestationEndpointTest {
    @TempDir
    Path folder;
    TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = new TestGateway(folder, Duration.ofSeconds(10));
        gateway.call(OpenShellGrpcClient.CreateSandbox, CreateSandboxRequest.newBuilder()
                .setName("demo").setSpec(SandboxSpec.newBuilder().addCommand("sleep")).build());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Answer<Attestation> ask(String name) {
        return gateway.call(IsolationGrpcClient.GetAttestation, GetAttestationRequest.newBuilder().setName(name).build());
    }

    @Test
    void whatTheNodeReportedIsAnswered() {
        gateway.ports.report("demo", new SandboxCommand.ReportEnforced(new Enforcement(1, "i1", List.of(
                new LayerReport.Enforced(LayerKind.SECCOMP, "filter abc"), new LayerReport.Weakened(LayerKind.LANDLOCK, "version 4"),
                new LayerReport.Absent(LayerKind.IPC_NAMESPACE, "none")), Map.of("Seccomp", "2"), 7), 1));
        Attestation seal = ask("demo").messages().getFirst();
        assertThat(seal.getLayersList().stream().map(AttestedLayer::getState)).containsExactly("enforced", "weakened", "absent");
        assertThat(seal.getLayers(1).getKind()).isEqualTo("LANDLOCK");
        assertThat(seal.getEvidenceMap()).containsExactlyEntriesOf(Map.of("Seccomp", "2"));
        assertThat(seal.getProxyGeneration()).isEqualTo(7);
        assertThat(seal.getInstanceId()).isEqualTo("i1");
    }

    @Test
    void anUnstartedOrUnknownSandboxHasNone() {
        assertThat(ask("demo").status()).isEqualTo(GrpcStatus.FAILED_PRECONDITION);
        assertThat(ask("other").status()).isEqualTo(GrpcStatus.NOT_FOUND);
    }
}
