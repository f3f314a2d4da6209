package io.openshell.gateway.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.gateway.TestGateway;
import io.openshell.gateway.TestGateway.Answer;
import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.global.GlobalRevision;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.Provenance;
import io.openshell.model.policy.merge.MergeOperation;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.settings.SettingValue;
import io.openshell.model.settings.Settings;
import io.openshell.wire.control.v1.ExplainRequest;
import io.openshell.wire.control.v1.Explanation;
import io.openshell.wire.control.v1.PolicyReviewGrpcClient;
import io.openshell.wire.control.v1.WhatIfRequest;
import io.openshell.wire.control.v1.WhatIfResponse;
import io.openshell.wire.events.v1.ActivityRecord;
import io.openshell.wire.policy.MergeCodec;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.sandbox.v1.GetSandboxConfigRequest;
import io.openshell.wire.sandbox.v1.GetSandboxConfigResponse;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.OpenShellGrpcClient;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.openshell.wire.v1.UpdateConfigResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyReviewTest {
    private static final String CURL = "/usr/bin/curl";

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
        gateway.ports.becomeReady("demo");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void aMergeIsOneRevision() {
        Answer<UpdateConfigResponse> answer = merge(add("a", "a.example.com"), add("b", "b.example.com"));
        assertThat(answer.status()).as(answer.message()).isEqualTo(GrpcStatus.OK);
        assertThat(answer.messages().getFirst().getVersion()).isEqualTo(2);
        assertThat(newest().networkPolicies()).containsOnlyKeys("a", "b");
        assertThat(merge(add("a", "a.example.com")).messages().getFirst().getVersion()).as("nothing new").isEqualTo(2);
    }

    @Test
    void aRefusedMergeStoresNothing() {
        assertThat(merge(add("a", "a.example.com"), add("b", "localhost")).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(merge().status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(newest().networkPolicies()).isEmpty();
    }

    @Test
    void whatOnlyTheControlPlaneSaysIsDropped() {
        NetworkEndpoint claimed = NetworkEndpoint.builder("a.example.com", 443).provenance(new Provenance(true, true)).build();
        assertThat(merge(new MergeOperation.AddRule("a", rule(claimed))).status()).isEqualTo(GrpcStatus.OK);
        assertThat(newest().networkPolicies().get("a").endpoints().getFirst().provenance()).isEqualTo(Provenance.AUTHOR);
    }

    @Test
    void aMergeThatLosesARaceIsTriedAgain() {
        AtomicInteger races = new AtomicInteger(4);
        gateway.ports.inBetween = () -> lose(races);
        Answer<UpdateConfigResponse> answer = merge(add("mine", "a.example.com"));
        assertThat(answer.status()).as(answer.message()).isEqualTo(GrpcStatus.OK);
        assertThat(newest().networkPolicies()).containsOnlyKeys("mine", "other");
    }

    @Test
    void aMergeThatAlwaysLosesIsAborted() {
        AtomicInteger races = new AtomicInteger(5);
        gateway.ports.inBetween = () -> lose(races);
        assertThat(merge(add("mine", "a.example.com")).status()).isEqualTo(GrpcStatus.ABORTED);
        assertThat(newest().networkPolicies()).containsOnlyKeys("other");
    }

    @Test
    void aDenialIsExplainedWithWhatWouldAllowIt() {
        record("d1", false, "ENDPOINT_NOT_ALLOWED", 1);
        Explanation answer = explain("d1").messages().getFirst();
        assertThat(answer.getSandbox()).isEqualTo("demo");
        assertThat(answer.getPolicyHash()).hasSize(64);
        assertThat(answer.getRequest().getBinary()).isEqualTo(CURL);
        assertThat(answer.getRequest().getAncestorsList()).containsExactly("/bin/bash", "/bin/sh");
        assertThat(answer.getSuggestionList()).singleElement().satisfies(operation ->
                assertThat(merge(MergeCodec.decode(operation).orElseThrow()).status()).isEqualTo(GrpcStatus.OK));
        assertThat(explain("d1").messages().getFirst().getNoSuggestion()).contains("version 2 allows it already");
    }

    @Test
    void whatARuleOfAProviderDecidedNamesTheProvider() {
        NetworkRule contributed = rule(NetworkEndpoint.plain("a.example.com", 443));
        gateway.ports.settings = Settings.NONE.with("providers_v2_enabled", Optional.of(new SettingValue.Flag(true)));
        gateway.ports.contributed = Map.of("work", contributed);
        gateway.ports.report("demo", new SandboxCommand.AttachProvider("work"));
        record("d1", true, "", 1, Map.of("policy", "_provider_work"));
        record("d2", false, "ENDPOINT_NOT_ALLOWED", 1);
        assertThat(explain("d1").messages().getFirst().getProvider()).isEqualTo("work");
        assertThat(explain("d2").messages().getFirst().getNoSuggestion()).isEqualTo("the rules of attached providers allow it already");
        assertThat(explain("d2").messages().getFirst().getProvider()).isEmpty();

        GetSandboxConfigResponse config = config();
        assertThat(config.getPolicy().getNetworkPoliciesMap()).containsOnlyKeys("_provider_work");
        assertThat(config.getPolicyHash()).isNotEqualTo(gateway.ports.sandboxes.find("default", "demo").orElseThrow()
                .state().policies().newest().orElseThrow().hash());
        assertThat(newest().networkPolicies()).as("it is stored nowhere").isEmpty();

        gateway.ports.report("demo", new SandboxCommand.DetachProvider("work"));
        assertThat(explain("d1").messages().getFirst().getProvider()).contains("not attached");
        assertThat(explain("d2").messages().getFirst().getSuggestionCount()).isEqualTo(1);
        assertThat(config().getPolicy().getNetworkPoliciesMap()).isEmpty();
    }

    @Test
    void whatIfKeepsTheRulesOfProvidersBesideTheCandidate() {
        record("d1", true, "", 1, Map.of("policy", "_provider_work"));
        gateway.ports.contributed = Map.of("work", rule(NetworkEndpoint.plain("a.example.com", 443)));
        gateway.ports.report("demo", new SandboxCommand.AttachProvider("work"));
        assertThat(whatIf(PolicyDocument.empty()).getJudged()).isEqualTo(1);
        assertThat(whatIf(PolicyDocument.empty()).getChangedAlready())
                .as("without the setting nothing allows it").isEqualTo(1);
        gateway.ports.settings = Settings.NONE.with("providers_v2_enabled", Optional.of(new SettingValue.Flag(true)));
        WhatIfResponse with = whatIf(PolicyDocument.empty());
        assertThat(with.getFlipsList()).isEmpty();
        assertThat(with.getChangedAlready()).isZero();
    }

    private GetSandboxConfigResponse config() {
        return gateway.call(OpenShellGrpcClient.GetSandboxConfig, GetSandboxConfigRequest.newBuilder().setSandboxId(sandboxId).build())
                .messages().getFirst();
    }

    @Test
    void aDenialOfTheGlobalPolicyNamesItsNearestRule() {
        PolicyDocument first = PolicyDocument.empty().withNetworkPolicies(
                Map.of("near", new NetworkRule("", List.of(NetworkEndpoint.plain("a.example.com", 80)), List.of(new NetworkBinary(CURL)))));
        GlobalRevision revision = new GlobalRevision(1, "a".repeat(64), first, Instant.now());
        gateway.global = new GlobalPolicy(List.of(revision), true);
        recordGlobal("g1");

        Explanation answer = explain("g1").messages().getFirst();
        assertThat(answer.getNearestRule()).isEqualTo("near");
        assertThat(answer.getNearestLacksList()).containsExactly("it names port 80, not 443");
        assertThat(answer.getPolicyHash()).isEqualTo("a".repeat(64));
        assertThat(answer.getSuggestionList()).isEmpty();
        assertThat(answer.getNoSuggestion()).contains("version 1 of the global policy", "policy set --global");

        PolicyDocument second = PolicyDocument.empty().withNetworkPolicies(Map.of("near", rule(NetworkEndpoint.plain("a.example.com", 443))));
        gateway.global = new GlobalPolicy(List.of(revision, new GlobalRevision(2, "b".repeat(64), second, Instant.now())), true);
        assertThat(explain("g1").messages().getFirst().getNoSuggestion()).contains("version 2 of the global policy allows it already");

        gateway.global = new GlobalPolicy(List.of(revision), false);
        assertThat(explain("g1").messages().getFirst().getNoSuggestion()).contains("no global policy any more");
        assertThat(explain("g1").messages().getFirst().getNearestRule()).isEqualTo("near");
    }

    @Test
    void whatIfUnderAGlobalPolicyComparesWithIt() {
        merge(add("a", "a.example.com"));
        gateway.ports.report("demo", new SandboxCommand.ReportPolicyLoaded(2, 2));
        record("d1", true, "", 2);
        assertThat(whatIf(PolicyDocument.empty()).getChangedAlready()).isZero();
        gateway.global = new GlobalPolicy(List.of(new GlobalRevision(1, "a".repeat(64), PolicyDocument.empty(), Instant.now())), true);

        assertThat(whatIf(PolicyDocument.empty()).getChangedAlready()).as("the global policy refuses it now").isEqualTo(1);
    }

    @Test
    void whatTheLogDoesNotHoldIsNotFound() {
        record("d1", false, "ENDPOINT_NOT_ALLOWED", 1);
        assertThat(explain("d1").status()).isEqualTo(GrpcStatus.OK);
        assertThat(explain("d2").status()).isEqualTo(GrpcStatus.NOT_FOUND);
        assertThat(explain("").status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }

    @Test
    void whatIfNamesWhatAnotherPolicyWouldRefuse() {
        merge(add("a", "a.example.com"));
        gateway.ports.report("demo", new SandboxCommand.ReportPolicyLoaded(2, 2));
        record("d1", true, "", 2);
        record("d2", true, "", 2);
        assertThat(whatIf(PolicyDocument.empty()).getFlipsList()).singleElement().satisfies(flip -> {
            assertThat(flip.getNewlyAllowed()).isFalse();
            assertThat(flip.getCount()).isEqualTo(2);
            assertThat(flip.getHost()).isEqualTo("a.example.com");
        });
        assertThat(whatIf(newest()).getFlipsList()).isEmpty();
        assertThat(newest().networkPolicies()).as("nothing changed").containsOnlyKeys("a");
    }

    private void lose(AtomicInteger races) {
        if (races.getAndDecrement() > 0) {
            gateway.ports.report("demo", new SandboxCommand.SetPolicy(PolicyDocument.empty().withNetworkPolicies(Map.of("other",
                    rule(NetworkEndpoint.plain("r" + races.get() + ".example.com", 443)))), Map.of(), 0));
        }
    }

    private void record(String id, boolean allowed, String code, int version) {
        record(id, allowed, code, version, Map.of());
    }

    private void recordGlobal(String id) {
        record(id, false, "ENDPOINT_NOT_ALLOWED", 1, Map.of("policy_source", "global"));
    }

    private void record(String id, boolean allowed, String code, int version, Map<String, String> more) {
        ActivityRecord line = ActivityRecord.newBuilder().setSandboxId(sandboxId).setAssertedBy("node:local").setSequence(1)
                .setLevel("OCSF").setTarget("proxy").setMessage("m").putAllFields(Map.of("decision_id", id,
                        "decision", allowed ? "allowed" : "denied", "policy_generation", String.valueOf(version),
                        "reason_code", code, "host", "a.example.com", "port", "443", "binary", CURL,
                        "ancestors", "/bin/bash\n/bin/sh")).putAllFields(more).build();
        gateway.ports.activity.add(new LogRecord(new Position(0, 1), Instant.EPOCH, sandboxId, line.toByteArray()));
    }

    private Answer<Explanation> explain(String id) {
        return gateway.call(PolicyReviewGrpcClient.Explain, ExplainRequest.newBuilder().setDecisionId(id).build());
    }

    private WhatIfResponse whatIf(PolicyDocument policy) {
        return gateway.call(PolicyReviewGrpcClient.WhatIf,
                WhatIfRequest.newBuilder().setName("demo").setPolicy(PolicyCodec.encode(policy)).build()).messages().getFirst();
    }

    private Answer<UpdateConfigResponse> merge(MergeOperation... operations) {
        return gateway.call(OpenShellGrpcClient.UpdateConfig, UpdateConfigRequest.newBuilder().setName("demo")
                .addAllMergeOperations(List.of(operations).stream().map(MergeCodec::encode).toList()).build());
    }

    private PolicyDocument newest() {
        return gateway.ports.sandboxes.find("default", "demo").orElseThrow().state().policies().newest().orElseThrow().policy();
    }

    private static MergeOperation add(String key, String host) {
        return new MergeOperation.AddRule(key, rule(NetworkEndpoint.plain(host, 443)));
    }

    private static NetworkRule rule(NetworkEndpoint endpoint) {
        return new NetworkRule("", List.of(endpoint), List.of(new NetworkBinary(CURL)));
    }
}
