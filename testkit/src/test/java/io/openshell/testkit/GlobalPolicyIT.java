package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.openshell.cli.client.GlobalRpc;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.wire.control.v1.GetGlobalPolicyReachRequest;
import io.openshell.wire.control.v1.GlobalPolicyReach;
import io.openshell.wire.control.v1.HistoryEntry;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.policy.PolicyParseException;
import io.openshell.wire.policy.PolicyYaml;
import io.openshell.wire.sandbox.v1.GetSandboxConfigRequest;
import io.openshell.wire.sandbox.v1.GetSandboxConfigResponse;
import io.openshell.wire.sandbox.v1.PolicySource;
import io.openshell.wire.v1.UpdateConfigRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A global policy on its way from a user to running and new sandboxes, and back. */
class GlobalPolicyIT extends OriginCase {

    private static final String NOTHING = "version: 1\n";

    @Test
    void decidesForRunningAndNewSandboxesUntilItIsDeleted() {
        sandboxes.ready("old", "sleep", "600");
        sandboxes.setPolicy("old", EgressIT.allowing(origin, "/usr/bin/curl"));
        assertThat(curl("old", "/before")).isEqualTo("GET /before\n");
        assertThat(config("old").getPolicySource()).isEqualTo(PolicySource.POLICY_SOURCE_SANDBOX);

        set(NOTHING);
        reached(1);
        assertThat(curl("old", "/under")).contains("policy_denied").doesNotContain("GET /under");
        assertThat(config("old").getPolicySource()).isEqualTo(PolicySource.POLICY_SOURCE_GLOBAL);
        assertThat(config("old").getGlobalPolicyVersion()).isEqualTo(1);
        RpcException refused = catchThrowableOfType(RpcException.class,
                () -> sandboxes.setPolicy("old", EgressIT.allowing(origin, "/usr/bin/wget")));
        assertThat(refused.code()).isEqualTo(RpcCode.FAILED_PRECONDITION);

        sandboxes.ready("new", "sleep", "600");
        assertThat(curl("new", "/under")).contains("policy_denied");
        set(EgressIT.allowing(origin, "/usr/bin/curl"));
        reached(2);
        assertThat(curl("new", "/widened")).isEqualTo("GET /widened\n");

        gateway.client().call(Rpc.UPDATE_CONFIG, UpdateConfigRequest.newBuilder()
                .setGlobal(true).setSettingKey("policy").setDeleteSetting(true).build());
        reached(0);
        assertThat(curl("old", "/after")).isEqualTo("GET /after\n");
        assertThat(curl("new", "/after")).as("it has nothing of its own that allows it").contains("policy_denied");
        assertThat(sandboxes.history("old")).extracting(HistoryEntry::getType)
                .containsSubsequence("PolicyRevisionLoaded", "GlobalPolicyLoaded", "CommandRejected", "GlobalPolicyLoaded",
                        "GlobalPolicyLoaded");
    }

    private static String curl(String name, String path) {
        return sandboxes.exec(name, "curl", "-sS", "-m", "10", origin.url(path)).out();
    }

    private static GetSandboxConfigResponse config(String name) {
        return gateway.client().call(Rpc.CONFIG,
                GetSandboxConfigRequest.newBuilder().setSandboxId(sandboxes.get(name).getMetadata().getId()).build());
    }

    private static void set(String yaml) {
        try {
            gateway.client().call(Rpc.UPDATE_CONFIG, UpdateConfigRequest.newBuilder().setGlobal(true)
                    .setPolicy(PolicyCodec.encode(PolicyYaml.parse(yaml))).build());
        } catch (PolicyParseException e) {
            throw new AssertionError(e);
        }
    }

    private static void reached(int version) {
        Await.until("global policy " + version + " has reached every sandbox", Duration.ofSeconds(20),
                () -> reach().getVersion() == version && reach().getNotLoaded() == 0, () -> reach().toString());
    }

    private static GlobalPolicyReach reach() {
        return gateway.client().call(GlobalRpc.REACH, GetGlobalPolicyReachRequest.getDefaultInstance());
    }
}
