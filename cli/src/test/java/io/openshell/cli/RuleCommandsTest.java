package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.cli.CliRun.Outcome;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.wire.sandbox.v1.L7Allow;
import io.openshell.wire.sandbox.v1.L7Rule;
import io.openshell.wire.sandbox.v1.NetworkEndpoint;
import io.openshell.wire.sandbox.v1.NetworkPolicyRule;
import io.openshell.wire.v1.ApproveAllDraftChunksResponse;
import io.openshell.wire.v1.ApproveDraftChunkRequest;
import io.openshell.wire.v1.ApproveDraftChunkResponse;
import io.openshell.wire.v1.ClearDraftChunksResponse;
import io.openshell.wire.v1.DraftHistoryEntry;
import io.openshell.wire.v1.GetDraftHistoryResponse;
import io.openshell.wire.v1.GetDraftPolicyResponse;
import io.openshell.wire.v1.PolicyChunk;
import io.openshell.wire.v1.RejectDraftChunkResponse;
import io.openshell.wire.v1.UndoDraftChunkResponse;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleCommandsTest {
    @TempDir
    Path folder;

    private CliRun cli;
    private StandInGateway gateway;
    private final AtomicReference<String> token = new AtomicReference<>("");

    @BeforeEach
    void prepare() throws IOException {
        cli = new CliRun(folder);
        Files.createDirectories(cli.socket().getParent());
        gateway = new StandInGateway(UnixDomainSocketAddress.of(cli.socket()));
        NetworkEndpoint endpoint = NetworkEndpoint.newBuilder().setHost("a.example.com").addPorts(443)
                .addRules(L7Rule.newBuilder().setAllow(L7Allow.newBuilder().setMethod("GET").setPath("/x\u001b[2J"))).build();
        gateway.on("GetDraftPolicy", Reply.of(GetDraftPolicyResponse.newBuilder().addChunks(PolicyChunk.newBuilder().setId("c1")
                .setStatus("pending").setBinary("/usr/bin/curl").setHitCount(3).setConfidence(0.65f).setReviewToken("t1")
                .setSecurityNotes("think twice").setProposedRule(NetworkPolicyRule.newBuilder().addEndpoints(endpoint))).build()));
        gateway.on("ApproveDraftChunk", this::approve);
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
    }

    private Reply approve(byte[] request) {
        try {
            token.set(ApproveDraftChunkRequest.parseFrom(request).getReviewToken());
            return Reply.of(ApproveDraftChunkResponse.newBuilder().setPolicyVersion(2).build());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void proposalsAreShownWithTheirRequestsAndNotes() {
        Outcome outcome = cli.run("rule", "get", "demo");
        assertThat(outcome.out()).contains("c1  pending  a.example.com:443  /usr/bin/curl  3x  confidence 0.65", "allow GET /x",
                "! think twice").doesNotContain("\u001b");
        assertThat(cli.run("rule", "get", "demo", "-o", "json").out()).contains("\"review_token\"", "\"t1\"");
        assertThat(cli.run("rule", "get", "demo", "--status", "odd").exitCode()).isEqualTo(2);
    }

    @Test
    void approvingSendsTheTokenOfWhatWasShown() {
        assertThat(cli.run("rule", "approve", "demo", "--chunk-id", "c1").err()).contains("Approved c1 (policy version 2)");
        assertThat(token).hasValue("t1");
        assertThat(cli.run("rule", "approve", "demo", "--chunk-id", "c1", "--review-token", "t0").exitCode()).isZero();
        assertThat(token).hasValue("t0");
        assertThat(cli.run("rule", "approve", "demo", "--chunk-id", "c2").exitCode()).isEqualTo(1);
        assertThat(cli.run("rule", "approve", "demo").exitCode()).isEqualTo(2);
    }

    @Test
    void theOtherDecisionsTellWhatTheyDid() {
        gateway.on("RejectDraftChunk", Reply.of(RejectDraftChunkResponse.getDefaultInstance()))
                .on("UndoDraftChunk", Reply.of(UndoDraftChunkResponse.newBuilder().setPolicyVersion(3).build()))
                .on("ApproveAllDraftChunks", Reply.of(ApproveAllDraftChunksResponse.newBuilder().setChunksApproved(2).setChunksSkipped(1).build()))
                .on("ClearDraftChunks", Reply.of(ClearDraftChunksResponse.newBuilder().setChunksCleared(4).build()))
                .on("GetDraftHistory", Reply.of(GetDraftHistoryResponse.newBuilder().addEntries(
                        DraftHistoryEntry.newBuilder().setChunkId("c1").setDescription("approved by ada")).build()));
        assertThat(cli.run("rule", "reject", "demo", "--chunk-id", "c1", "--reason", "no").err()).contains("Rejected c1");
        assertThat(cli.run("rule", "undo", "demo", "--chunk-id", "c1").err()).contains("policy version 3");
        assertThat(cli.run("rule", "approve-all", "demo").err()).contains("Approved 2, skipped 1");
        assertThat(cli.run("rule", "clear", "demo").err()).contains("Cleared 4");
        assertThat(cli.run("rl", "history", "demo").out()).contains("c1  approved by ada");
    }
}
