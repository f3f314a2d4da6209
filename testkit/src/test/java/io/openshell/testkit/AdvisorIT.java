package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.cli.client.Rpc;
import io.openshell.wire.sandbox.v1.GetGatewayConfigRequest;
import io.openshell.wire.sandbox.v1.SettingValue;
import io.openshell.wire.v1.ApproveDraftChunkRequest;
import io.openshell.wire.v1.GetDraftPolicyRequest;
import io.openshell.wire.v1.PolicyChunk;
import io.openshell.wire.v1.UpdateConfigRequest;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A program in a real sandbox asks for a rule, a person decides, and the program is told. */
class AdvisorIT extends OriginCase {

    private static final String BASE = """
            version: 1
            filesystem_policy:
              include_workdir: true
              read_only: [/usr, /lib, /etc, /proc, /dev/urandom]
              read_write: [/sandbox, /tmp, /dev/null]
            """;
    private static final Pattern ID = Pattern.compile("\"accepted_chunk_ids\":\\[\"([^\"]+)\"]");

    private static String local(String... arguments) {
        String[] command = new String[arguments.length + 4];
        System.arraycopy(new String[] {"curl", "-sS", "-m", "30"}, 0, command, 0, 4);
        System.arraycopy(arguments, 0, command, 4, arguments.length);
        return sandboxes.exec("agent", command).out();
    }

    private static String propose(String host, int port) {
        String answer = local("-d", """
                {"intent_summary":"read","operations":[{"addRule":{"ruleName":"asked","rule":{"endpoints":[{"host":"%s","port":%d}],
                 "binaries":[{"path":"/usr/bin/curl"}]}}}]}""".formatted(host, port), "http://policy.local/v1/proposals");
        Matcher id = ID.matcher(answer);
        assertThat(id.find()).as(answer).isTrue();
        return id.group(1);
    }

    private static void set(String key, SettingValue value) {
        gateway.client().call(Rpc.UPDATE_CONFIG, UpdateConfigRequest.newBuilder().setName("agent").setWorkspace("default")
                .setSettingKey(key).setSettingValue(value).build());
    }

    private static PolicyChunk chunk(String id) {
        return gateway.client().call(Rpc.DRAFTS, GetDraftPolicyRequest.newBuilder().setName("agent").setWorkspace("default").build())
                .getChunksList().stream().filter(each -> each.getId().equals(id)).findFirst().orElseThrow();
    }

    @Test
    void aProposalGrantsNothingUntilItIsApprovedAndThenWorks() {
        sandboxes.ready("agent", "sleep", "600");
        sandboxes.setPolicy("agent", BASE);
        assertThat(local("http://policy.local/v1/policy/current")).contains("feature_disabled");
        assertThat(local(origin.url("/x"))).contains("policy_denied").doesNotContain("agent_guidance");

        set("agent_policy_proposals_enabled", SettingValue.newBuilder().setBoolValue(true).build());
        Await.until("the setting to reach the proxy", Duration.ofSeconds(10),
                () -> local("http://policy.local/v1/policy/current").contains("policy_yaml"), () -> "");
        assertThat(local("http://policy.local/v1/denials")).contains("DENIED", origin.host());

        String id = propose(origin.host(), origin.port());
        assertThat(local("http://policy.local/v1/proposals/" + id)).contains("\"status\":\"pending\"");
        assertThat(local(origin.url("/x"))).as("before anybody decided").contains("policy_denied", "agent_guidance");
        PolicyChunk shown = chunk(id);
        assertThat(shown.getValidationResult()).isEqualTo("prover: no new findings");
        assertThat(shown.getSecurityNotes()).contains("internal address");

        gateway.client().call(Rpc.APPROVE_DRAFT, ApproveDraftChunkRequest.newBuilder().setName("agent").setWorkspace("default")
                .setChunkId(id).setReviewToken(shown.getReviewToken()).build());
        assertThat(local("http://policy.local/v1/proposals/" + id + "/wait?timeout=20"))
                .contains("\"status\":\"approved\"", "\"policy_reloaded\":true");
        assertThat(local(origin.url("/x"))).isEqualTo("GET /x\n");

        set("proposal_approval_mode", SettingValue.newBuilder().setStringValue("auto").build());
        String harmless = propose("docs.example.com", 443);
        assertThat(local("http://policy.local/v1/proposals/" + harmless + "/wait?timeout=20"))
                .contains("\"status\":\"approved\"", "auto=true", "resolved_from=sandbox", "\"policy_reloaded\":true");
        String noted = propose("*.example.org", 443);
        assertThat(local("http://policy.local/v1/proposals/" + noted)).as("a pattern is for a person").contains("\"status\":\"pending\"");
    }

    @Test
    void whatIsSetForTheGatewayIsToldAndCounts() {
        gateway.client().call(Rpc.UPDATE_CONFIG, UpdateConfigRequest.newBuilder().setGlobal(true)
                .setSettingKey("proposal_approval_mode").setSettingValue(SettingValue.newBuilder().setStringValue("manual")).build());
        assertThat(gateway.client().call(Rpc.GATEWAY_CONFIG, GetGatewayConfigRequest.getDefaultInstance()).getSettingsOrThrow(
                "proposal_approval_mode").getStringValue()).isEqualTo("manual");
        assertThat(gateway.client().call(Rpc.UPDATE_CONFIG, UpdateConfigRequest.newBuilder().setGlobal(true)
                .setSettingKey("proposal_approval_mode").setDeleteSetting(true).build()).getDeleted()).isTrue();
    }
}
