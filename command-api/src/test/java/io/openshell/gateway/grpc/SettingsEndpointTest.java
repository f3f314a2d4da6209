package io.openshell.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.gateway.TestGateway;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.sandbox.v1.GetGatewayConfigRequest;
import io.openshell.wire.sandbox.v1.GetSandboxConfigRequest;
import io.openshell.wire.sandbox.v1.GetSandboxConfigResponse;
import io.openshell.wire.sandbox.v1.SettingScope;
import io.openshell.wire.sandbox.v1.SettingValue;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.OpenShellGrpcClient;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the configuration calls do about settings. */
class SettingsEndpointTest {
    private static final String MODE = "proposal_approval_mode";

    @TempDir
    Path folder;

    private TestGateway gateway;
    private String sandboxId;

    @BeforeEach
    void start() {
        gateway = new TestGateway(folder, Duration.ofSeconds(10));
        sandboxId = gateway.call(OpenShellGrpcClient.CreateSandbox, CreateSandboxRequest.newBuilder().setName("demo")
                .setSpec(SandboxSpec.newBuilder().addCommand("sleep").setPolicy(PolicyCodec.encode(PolicyDocument.empty()))).build())
                .messages().getFirst().getSandbox().getMetadata().getId();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private TestGateway.Answer<io.openshell.wire.v1.UpdateConfigResponse> update(UpdateConfigRequest.Builder request) {
        return gateway.call(OpenShellGrpcClient.UpdateConfig, request.setName("demo").build());
    }

    private static UpdateConfigRequest.Builder word(String value) {
        return UpdateConfigRequest.newBuilder().setSettingKey(MODE).setSettingValue(SettingValue.newBuilder().setStringValue(value));
    }

    private GetSandboxConfigResponse config() {
        return gateway.call(OpenShellGrpcClient.GetSandboxConfig, GetSandboxConfigRequest.newBuilder().setSandboxId(sandboxId).build())
                .messages().getFirst();
    }

    @Test
    void aSettingOfASandboxIsSetShownAndDeleted() {
        assertThat(config().getSettingsOrThrow(MODE).hasValue()).isFalse();
        long before = config().getConfigRevision();

        assertThat(update(word("auto")).messages().getFirst().getSettingsRevision()).isEqualTo(1);
        assertThat(config().getSettingsOrThrow(MODE).getValue().getStringValue()).isEqualTo("auto");
        assertThat(config().getSettingsOrThrow(MODE).getScope()).isEqualTo(SettingScope.SETTING_SCOPE_SANDBOX);
        assertThat(config().getConfigRevision()).isNotEqualTo(before);

        UpdateConfigRequest.Builder deletion = UpdateConfigRequest.newBuilder().setSettingKey(MODE).setDeleteSetting(true);
        assertThat(update(deletion.clone()).messages().getFirst().getDeleted()).isTrue();
        assertThat(update(deletion.clone()).messages().getFirst().getDeleted()).isFalse();
        assertThat(config().getSettingsOrThrow(MODE).hasValue()).isFalse();
    }

    @Test
    void case203AValueThatIsNoneAndAnUnknownKeyAreRefused() {
        assertThat(update(word("auto")).status()).isEqualTo(GrpcStatus.OK);
        assertThat(update(word("autom")).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(update(UpdateConfigRequest.newBuilder().setSettingKey("nothing").setDeleteSetting(true)).message())
                .contains("agent_policy_proposals_enabled", MODE);
        assertThat(update(UpdateConfigRequest.newBuilder().setSettingKey(MODE)
                .setSettingValue(SettingValue.newBuilder().setIntValue(1))).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(update(UpdateConfigRequest.newBuilder().setSettingKey(MODE)).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(config().getSettingsOrThrow(MODE).getValue().getStringValue()).isEqualTo("auto");
    }

    @Test
    void theGatewaysValueIsShownInItsPlaceAndOnItsOwn() {
        update(word("auto"));
        assertThat(update(word("manual").setGlobal(true)).messages().getFirst().getSettingsRevision()).isEqualTo(1);

        assertThat(config().getSettingsOrThrow(MODE).getValue().getStringValue()).isEqualTo("manual");
        assertThat(config().getSettingsOrThrow(MODE).getScope()).isEqualTo(SettingScope.SETTING_SCOPE_GLOBAL);
        var all = gateway.call(OpenShellGrpcClient.GetGatewayConfig, GetGatewayConfigRequest.getDefaultInstance()).messages().getFirst();
        assertThat(all.getSettingsRevision()).isEqualTo(1);
        assertThat(all.getSettingsOrThrow(MODE).getStringValue()).isEqualTo("manual");
        assertThat(all.getSettingsOrThrow("agent_policy_proposals_enabled").getValueCase()).isEqualTo(SettingValue.ValueCase.VALUE_NOT_SET);
    }
}
