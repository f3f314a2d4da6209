package io.openshell.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.gateway.TestGateway;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.global.GlobalRevision;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.sandbox.v1.GetSandboxConfigRequest;
import io.openshell.wire.sandbox.v1.PolicySource;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.GetSandboxPolicyStatusRequest;
import io.openshell.wire.v1.ListSandboxPoliciesRequest;
import io.openshell.wire.v1.OpenShellGrpcClient;
import io.openshell.wire.v1.PolicyMergeOperation;
import io.openshell.wire.v1.PolicyStatus;
import io.openshell.wire.v1.RemoveNetworkRule;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the calls about policies answer while there is a global one. */
class GlobalPolicyEndpointTest {
    private static final PolicyDocument OLD = reaching("old.example.com");
    private static final PolicyDocument NOW = reaching("now.example.com");
    private static final GlobalPolicy TWO = new GlobalPolicy(List.of(
            new GlobalRevision(1, "a".repeat(64), OLD, Instant.EPOCH), new GlobalRevision(2, "b".repeat(64), NOW, Instant.EPOCH)), true);

    @TempDir
    Path folder;

    private TestGateway gateway;
    private String sandboxId;

    @BeforeEach
    void start() {
        gateway = new TestGateway(folder, Duration.ofSeconds(10));
        sandboxId = gateway.call(OpenShellGrpcClient.CreateSandbox, CreateSandboxRequest.newBuilder().setName("demo")
                .setSpec(SandboxSpec.newBuilder().addCommand("sleep").setPolicy(PolicyCodec.encode(reaching("own.example.com")))).build())
                .messages().getFirst().getSandbox().getMetadata().getId();
        gateway.ports.becomeReady("demo");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static PolicyDocument reaching(String host) {
        return PolicyDocument.empty().withNetworkPolicies(Map.of("web", new NetworkRule("",
                List.of(NetworkEndpoint.plain(host, 443)), List.of(new NetworkBinary("/usr/bin/curl")))));
    }

    private GrpcStatus update(UpdateConfigRequest.Builder request) {
        return gateway.call(OpenShellGrpcClient.UpdateConfig, request.build()).status();
    }

    @Test
    void whatDecidesIsTheGlobalPolicyWhileThereIsOne() {
        var asked = GetSandboxConfigRequest.newBuilder().setSandboxId(sandboxId).build();
        var own = gateway.call(OpenShellGrpcClient.GetSandboxConfig, asked).messages().getFirst();
        assertThat(own.getPolicySource()).isEqualTo(PolicySource.POLICY_SOURCE_SANDBOX);
        assertThat(own.getPolicy().toString()).contains("own.example.com");

        gateway.global = TWO;
        var now = gateway.call(OpenShellGrpcClient.GetSandboxConfig, asked).messages().getFirst();
        assertThat(now.getPolicySource()).isEqualTo(PolicySource.POLICY_SOURCE_GLOBAL);
        assertThat(now.getGlobalPolicyVersion()).isEqualTo(2);
        assertThat(now.getPolicy().toString()).contains("now.example.com").doesNotContain("own.example.com");
        assertThat(now.getConfigRevision()).isNotEqualTo(own.getConfigRevision());
    }

    @Test
    void itsRevisionsAreReadWithTheirState() {
        assertThat(gateway.call(OpenShellGrpcClient.GetSandboxPolicyStatus, GetSandboxPolicyStatusRequest.newBuilder().setGlobal(true).build())
                .status()).as("there is none yet").isEqualTo(GrpcStatus.NOT_FOUND);
        gateway.global = TWO;

        var newest = gateway.call(OpenShellGrpcClient.GetSandboxPolicyStatus,
                GetSandboxPolicyStatusRequest.newBuilder().setGlobal(true).build()).messages().getFirst();
        assertThat(newest.getActiveVersion()).isEqualTo(2);
        assertThat(newest.getRevision().getPolicy().toString()).contains("now.example.com");
        var first = gateway.call(OpenShellGrpcClient.GetSandboxPolicyStatus,
                GetSandboxPolicyStatusRequest.newBuilder().setGlobal(true).setVersion(1).build()).messages().getFirst();
        assertThat(first.getRevision().getStatus()).isEqualTo(PolicyStatus.POLICY_STATUS_SUPERSEDED);
        assertThat(gateway.call(OpenShellGrpcClient.GetSandboxPolicyStatus,
                GetSandboxPolicyStatusRequest.newBuilder().setGlobal(true).setVersion(3).build()).status()).isEqualTo(GrpcStatus.NOT_FOUND);
        assertThat(gateway.call(OpenShellGrpcClient.ListSandboxPolicies, ListSandboxPoliciesRequest.newBuilder().setGlobal(true).build())
                .messages().getFirst().getRevisionsList()).extracting(each -> each.getVersion()).containsExactly(2, 1);
    }

    @Test
    void itIsReplacedAsAWholeAndNothingElse() {
        assertThat(update(UpdateConfigRequest.newBuilder().setGlobal(true).addMergeOperations(PolicyMergeOperation.newBuilder()
                .setRemoveRule(RemoveNetworkRule.newBuilder().setRuleName("x"))))).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(update(UpdateConfigRequest.newBuilder().setGlobal(true).setPolicy(PolicyCodec.encode(NOW)).putAnnotations("a", "b")))
                .isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(update(UpdateConfigRequest.newBuilder().setGlobal(true).setPolicy(PolicyCodec.encode(NOW)).setExpectedResourceVersion(-1)))
                .isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(update(UpdateConfigRequest.newBuilder().setGlobal(true).setSettingKey("policy"))).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(update(UpdateConfigRequest.newBuilder().setGlobal(true).setSettingKey("other").setDeleteSetting(true)))
                .as("a setting there is not").isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }
}
