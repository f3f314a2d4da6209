package io.openshell.gateway.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.gateway.TestGateway;
import io.openshell.gateway.TestGateway.Answer;
import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.settings.SettingValue;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import io.openshell.wire.datamodel.v1.Provider;
import io.openshell.wire.events.Times;
import io.openshell.wire.events.v1.ActivityRecord;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.v1.ApproveAllDraftChunksRequest;
import io.openshell.wire.v1.ApproveAllDraftChunksResponse;
import io.openshell.wire.v1.ApproveDraftChunkRequest;
import io.openshell.wire.v1.ApproveDraftChunkResponse;
import io.openshell.wire.v1.ClearDraftChunksRequest;
import io.openshell.wire.v1.CreateProviderRequest;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.EditDraftChunkRequest;
import io.openshell.wire.v1.GetDraftHistoryRequest;
import io.openshell.wire.v1.GetDraftPolicyRequest;
import io.openshell.wire.v1.OpenShellGrpcClient;
import io.openshell.wire.v1.PolicyChunk;
import io.openshell.wire.v1.RejectDraftChunkRequest;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.UndoDraftChunkRequest;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DraftEndpointTest {
    @TempDir
    Path folder;

    private TestGateway gateway;
    private String sandboxId;
    private int lines;

    @BeforeEach
    void start() {
        gateway = new TestGateway(folder, Duration.ofSeconds(10));
        sandboxId = gateway.call(OpenShellGrpcClient.CreateSandbox, CreateSandboxRequest.newBuilder().setName("demo")
                .setSpec(SandboxSpec.newBuilder().addCommand("sleep").setPolicy(PolicyCodec.encode(PolicyDocument.empty()))).build())
                .messages().getFirst().getSandbox().getMetadata().getId();
        gateway.ports.becomeReady("demo");
        deny("a.example.com", Instant.EPOCH);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    @DisplayName("case 190: approving merges the rule as a new version")
    void approvingAddsTheRule() {
        PolicyChunk pending = only();
        assertThat(pending.getStatus()).isEqualTo("pending");
        Answer<ApproveDraftChunkResponse> answer = approve(pending);
        assertThat(answer.status()).as(answer.message()).isEqualTo(GrpcStatus.OK);
        assertThat(answer.messages().getFirst().getPolicyVersion()).isEqualTo(2);
        assertThat(rules()).containsOnlyKeys("allow_a_example_com_443");
        assertThat(only().getStatus()).isEqualTo("approved");
        assertThat(approve(only()).status()).isEqualTo(GrpcStatus.FAILED_PRECONDITION);
    }

    @Test
    void approvingNeedsTheTokenOfWhatWasLookedAt() {
        PolicyChunk stale = only().toBuilder().setReviewToken("other").build();
        assertThat(approve(stale).status()).isEqualTo(GrpcStatus.FAILED_PRECONDITION);
        assertThat(rules()).isEmpty();
        assertThat(approve(only()).status()).isEqualTo(GrpcStatus.OK);
    }

    @Test
    @DisplayName("case 191: rejecting keeps the reason and leaves the policy alone")
    void rejectingKeepsTheReason() {
        assertThat(gateway.call(OpenShellGrpcClient.RejectDraftChunk, RejectDraftChunkRequest.newBuilder().setName("demo")
                .setChunkId(only().getId()).setReason("not wanted").build()).status()).isEqualTo(GrpcStatus.OK);
        assertThat(only().getStatus()).isEqualTo("rejected");
        assertThat(only().getRejectionReason()).isEqualTo("not wanted");
        assertThat(rules()).isEmpty();
    }

    @Test
    @DisplayName("case 192: undo removes what the approval added, and nothing else")
    void undoRemovesOnlyWhatTheApprovalAdded() {
        approve(only());
        NetworkRule approved = rules().get("allow_a_example_com_443");
        Map<String, NetworkRule> both = new TreeMap<>(Map.of("allow_a_example_com_443", approved, "by_hand", approved));
        gateway.ports.report("demo", new SandboxCommand.SetPolicy(PolicyDocument.empty().withNetworkPolicies(both), Map.of(), 0));
        assertThat(undo().status()).isEqualTo(GrpcStatus.OK);
        assertThat(rules()).as("the same access, granted by somebody else").isEqualTo(Map.of("by_hand", approved));
    }

    @Test
    void undoIsRefusedWhenTheRuleWasChangedSince() {
        approve(only());
        NetworkRule approved = rules().get("allow_a_example_com_443");
        NetworkRule named = new NetworkRule("mine", approved.endpoints(), approved.binaries());
        gateway.ports.report("demo", new SandboxCommand.SetPolicy(
                PolicyDocument.empty().withNetworkPolicies(Map.of("allow_a_example_com_443", named)), Map.of(), 0));
        assertThat(undo().status()).isEqualTo(GrpcStatus.FAILED_PRECONDITION);
        assertThat(rules()).containsOnlyKeys("allow_a_example_com_443");
    }

    @Test
    @DisplayName("case 193: undo of a pending proposal is refused")
    void undoNeedsAnApproval() {
        assertThat(undo().status()).isEqualTo(GrpcStatus.FAILED_PRECONDITION);
    }

    @Test
    @DisplayName("case 194: approve-all skips what has security notes, unless asked")
    void approveAllSkipsWhatHasNotes() {
        deny("10.1.2.3", Instant.EPOCH);
        ApproveAllDraftChunksResponse answer = approveAll(false).messages().getFirst();
        assertThat(answer.getChunksApproved()).isEqualTo(1);
        assertThat(answer.getChunksSkipped()).isEqualTo(1);
        assertThat(rules()).containsOnlyKeys("allow_a_example_com_443");
        assertThat(approveAll(true).messages().getFirst().getChunksApproved()).isEqualTo(1);
        assertThat(rules()).hasSize(2);
    }

    @Test
    @DisplayName("case 195: approve-all without pending proposals is refused")
    void approveAllNeedsAPendingOne() {
        approve(only());
        assertThat(approveAll(true).status()).isEqualTo(GrpcStatus.FAILED_PRECONDITION);
    }

    @Test
    void clearedProposalsComeBackWithNewDenials() {
        assertThat(gateway.call(OpenShellGrpcClient.ClearDraftChunks, ClearDraftChunksRequest.newBuilder().setName("demo").build())
                .messages().getFirst().getChunksCleared()).isEqualTo(1);
        assertThat(chunks()).isEmpty();
        deny("a.example.com", Instant.now().plusSeconds(60));
        assertThat(only().getStatus()).isEqualTo("pending");
    }

    @Test
    void whatThePolicyCoversByNowIsNotPending() {
        NetworkRule rule = PolicyCodec.decode(PolicyCodec.encode(PolicyDocument.empty()).toBuilder()
                .putNetworkPolicies("x", only().getProposedRule()).build()).networkPolicies().get("x");
        gateway.ports.report("demo", new SandboxCommand.SetPolicy(
                PolicyDocument.empty().withNetworkPolicies(Map.of("by_hand", rule)), Map.of(), 0));
        assertThat(only().getStatus()).isEqualTo("rejected");
        assertThat(only().getRejectionReason()).isEqualTo("covered by active policy revision 2");
    }

    @Test
    void denialsAfterAnApprovalMakeAProposalOfTheirOwn() {
        approve(only());
        deny("a.example.com", Instant.now().plusSeconds(60), "GET");
        assertThat(chunks()).hasSize(2).extracting(PolicyChunk::getStatus).containsExactly("approved", "rejected");
        assertThat(chunks().get(1).getRejectionReason()).as("the approved rule allows it").startsWith("covered");
        assertThat(chunks().get(0).getProposedRule().getEndpoints(0).getRulesCount()).as("as it was approved").isZero();
        assertThat(chunks().get(0).getId()).isNotEqualTo(chunks().get(1).getId());
    }

    @Test
    void theHistoryTellsWhoDecidedWhat() {
        approve(only());
        undo();
        assertThat(gateway.call(OpenShellGrpcClient.GetDraftHistory, GetDraftHistoryRequest.newBuilder().setName("demo").build())
                .messages().getFirst().getEntriesList()).extracting(entry -> entry.getEventType()).containsExactly("approved", "undone");
    }

    @Test
    void aProposalOfAnotherSandboxIsNotFound() {
        assertThat(approve(only().toBuilder().setId("0000").build()).status()).isEqualTo(GrpcStatus.NOT_FOUND);
        assertThat(gateway.call(OpenShellGrpcClient.GetDraftPolicy, GetDraftPolicyRequest.newBuilder().setName("no").build())
                .status()).isEqualTo(GrpcStatus.NOT_FOUND);
    }

    @Test
    void anEditedRuleIsWhatIsApprovedAndNeedsANewLook() {
        PolicyChunk before = only();
        NetworkRule narrower = new NetworkRule("", PolicyCodec.rule(before.getProposedRule()).endpoints(),
                List.of(new NetworkBinary("/usr/bin/git")));
        assertThat(edit(before.getId(), narrower).status()).isEqualTo(GrpcStatus.OK);
        assertThat(PolicyCodec.rule(only().getProposedRule())).isEqualTo(narrower);
        assertThat(approve(before).status()).as("with the token of the rule as it was").isEqualTo(GrpcStatus.FAILED_PRECONDITION);
        assertThat(approve(only()).status()).isEqualTo(GrpcStatus.OK);
        assertThat(rules().values()).containsExactly(narrower);
        assertThat(edit(before.getId(), narrower).status()).as("approved by now").isEqualTo(GrpcStatus.FAILED_PRECONDITION);
        assertThat(edit("0000", narrower).status()).isEqualTo(GrpcStatus.NOT_FOUND);
    }

    @Test
    void aChunkSaysWhatApprovingItWouldDo() {
        PolicyChunk chunk = only();
        assertThat(chunk.getValidationResult()).isEqualTo("prover: no new findings");
        assertThat(chunk.getCurrentEffectivePolicyHash()).hasSize(64).isNotEqualTo(chunk.getCandidateEffectivePolicyHash());
        approve(chunk);
        assertThat(gateway.ports.sandboxes.find("default", "demo").orElseThrow().state().policies().newest().orElseThrow().hash())
                .isEqualTo(chunk.getCandidateEffectivePolicyHash());
    }

    @Test
    void whatAProgramAsksForStandsBesideWhatDenialsSuggestAndTakesTheirPlace() {
        gateway.ports.report("demo", new SandboxCommand.ChangeSetting(
                "agent_policy_proposals_enabled", Optional.of(new SettingValue.Flag(true))));
        NetworkRule asked = PolicyCodec.rule(only().getProposedRule());
        gateway.ports.report("demo", new SandboxCommand.SubmitProposal("p1", "asked", asked, "to read"));

        assertThat(chunks()).extracting(PolicyChunk::getStatus).containsExactly("rejected", "pending");
        assertThat(chunks().get(0).getRejectionReason()).isEqualTo("superseded by chunk p1");
        assertThat(chunks().get(1).getStage()).isEqualTo("agent");
        assertThat(chunks().get(1).getRationale()).isEqualTo("to read");
        assertThat(approve(chunks().get(1)).status()).isEqualTo(GrpcStatus.OK);
        assertThat(rules()).containsOnlyKeys("asked");
        assertThat(chunks()).extracting(PolicyChunk::getStatus).containsExactly("rejected", "approved");
        gateway.ports.report("demo", new SandboxCommand.SubmitProposal("p2", "again", asked, ""));
        assertThat(chunks().get(2).getRejectionReason()).isEqualTo("covered by active policy revision 2");
    }

    /** A provider of type github, attached. */
    private void attachGithub() {
        assertThat(gateway.call(OpenShellGrpcClient.CreateProvider, CreateProviderRequest.newBuilder().setProvider(Provider.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName("work")).setType("github").putCredentials("GITHUB_TOKEN", "planted")).build())
                .status()).isEqualTo(GrpcStatus.OK);
        gateway.ports.report("demo", new SandboxCommand.AttachProvider("work"));
    }

    @Test
    void aRuleThatCouldNotBeApprovedBecauseOfAProviderSaysSoAtOnce() {
        deny("api.github.com", Instant.EPOCH);
        assertThat(chunks().get(1).getApplicationError()).isEmpty();
        assertThat(chunks().get(1).getValidationResult()).isEqualTo("prover: no new findings");
        String before = chunks().get(1).getReviewToken();

        attachGithub();
        assertThat(chunks().get(1).getApplicationError()).contains("api.github.com", "uninspected");
        assertThat(chunks().get(1).getValidationResult()).contains("credential_reach_expansion", "api.github.com");
        assertThat(chunks().get(1).getReviewToken()).as("what was looked at is something else").isNotEqualTo(before);
        assertThat(chunks().get(0).getApplicationError()).as("a host without credentials").isEmpty();
    }

    private Answer<?> edit(String id, NetworkRule rule) {
        return gateway.call(OpenShellGrpcClient.EditDraftChunk, EditDraftChunkRequest.newBuilder().setName("demo")
                .setChunkId(id).setProposedRule(PolicyCodec.rule(rule)).build());
    }

    private void deny(String host, Instant at) {
        deny(host, at, "");
    }

    private void deny(String host, Instant at, String method) {
        ActivityRecord line = ActivityRecord.newBuilder().setSandboxId(sandboxId).setAssertedBy("node:local").setSequence(++lines)
                .setTime(Times.encode(at)).setLevel("OCSF").setTarget("proxy").setMessage("m").putAllFields(Map.of(
                        "decision_id", "d" + lines, "decision", "denied", "policy_generation", "1",
                        "reason_code", "ENDPOINT_NOT_ALLOWED", "host", host, "method", method, "path", method.isEmpty() ? "" : "/x", "port", "443", "binary", "/usr/bin/curl")).build();
        gateway.ports.activity.add(new LogRecord(new Position(0, lines), at, sandboxId, line.toByteArray()));
    }

    private List<PolicyChunk> chunks() {
        return gateway.call(OpenShellGrpcClient.GetDraftPolicy, GetDraftPolicyRequest.newBuilder().setName("demo").build())
                .messages().getFirst().getChunksList();
    }

    private PolicyChunk only() {
        assertThat(chunks()).hasSize(1);
        return chunks().getFirst();
    }

    private Answer<ApproveDraftChunkResponse> approve(PolicyChunk chunk) {
        return gateway.call(OpenShellGrpcClient.ApproveDraftChunk, ApproveDraftChunkRequest.newBuilder().setName("demo")
                .setChunkId(chunk.getId()).setReviewToken(chunk.getReviewToken()).build());
    }

    private Answer<ApproveAllDraftChunksResponse> approveAll(boolean flagged) {
        return gateway.call(OpenShellGrpcClient.ApproveAllDraftChunks,
                ApproveAllDraftChunksRequest.newBuilder().setName("demo").setIncludeSecurityFlagged(flagged).build());
    }

    private Answer<?> undo() {
        return gateway.call(OpenShellGrpcClient.UndoDraftChunk,
                UndoDraftChunkRequest.newBuilder().setName("demo").setChunkId(chunks().getFirst().getId()).build());
    }

    private Map<String, NetworkRule> rules() {
        return gateway.ports.sandboxes.find("default", "demo").orElseThrow().state().policies().newest().orElseThrow().policy()
                .networkPolicies();
    }
}
