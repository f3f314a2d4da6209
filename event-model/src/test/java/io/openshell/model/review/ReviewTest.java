package io.openshell.model.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.egress.Caller;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.IpLiteral;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.merge.MergeOutcome;
import io.openshell.model.policy.merge.PolicyMerge;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReviewTest {
    private static final String CURL = "/usr/bin/curl";
    private static final PolicyDocument NONE = PolicyDocument.empty();
    private static final PolicyDocument READING = policy(NetworkEndpoint.builder("api.example.com", 443).protocol("rest")
            .enforcement("enforce").access("read-only").build());

    @Test
    void aRequestIsJudgedByItsMethodAndPath() {
        assertThat(judge(READING, http("GET", "/a")).allows()).isTrue();
        assertThat(judge(READING, http("POST", "/a"))).isInstanceOfSatisfying(Judgement.Denied.class, denied -> {
            assertThat(denied.code()).isEqualTo(ReasonCode.REQUEST_NOT_ALLOWED);
            assertThat(denied.nearest()).isPresent();
        });
        assertThat(judge(READING, connect("api.example.com", 443)).allows()).isTrue();
    }

    @Test
    void recordedAddressesAreJudgedToo() {
        PolicyDocument wild = policy(NetworkEndpoint.plain("*.example.com", 443));
        assertThat(judge(wild, connect("api.example.com", 443, "203.0.114.1")).allows()).isTrue();
        assertThat(judge(wild, connect("api.example.com", 443, "10.0.0.5"))).isInstanceOfSatisfying(Judgement.Denied.class,
                denied -> assertThat(denied.code()).isEqualTo(ReasonCode.SSRF_INTERNAL_ADDRESS));
    }

    @Test
    void theNearestEntryTellsWhatItLacks() {
        PolicyDocument policy = policy(NetworkEndpoint.plain("api.example.com", 443));
        assertThat(NearestEntry.of(policy, connect("api.example.com", 8443)).orElseThrow().lacks())
                .containsExactly("it names port 443, not 8443");
        RecordedRequest byWget = new RecordedRequest("api.example.com", 443, "", "",
                new Caller("/usr/bin/wget", List.of(), List.of()), List.of());
        assertThat(NearestEntry.of(policy, byWget).orElseThrow().lacks())
                .containsExactly("it is for /usr/bin/curl, not for /usr/bin/wget");
        assertThat(NearestEntry.of(policy, connect("other.test", 22))).isEmpty();
        assertThat(NearestEntry.of(policy, connect("api.example.com", 443)).orElseThrow().lacks()).isEmpty();
    }

    static Stream<RecordedRequest> deniedRequests() {
        return Stream.of(connect("other.example.com", 443), connect("api.example.com", 8443), http("POST", "/a/b"),
                new RecordedRequest("api.example.com", 443, "", "", new Caller("/usr/bin/wget", List.of(), List.of()), List.of()),
                new RecordedRequest("10.88.7.2", 8080, "POST", "/items", new Caller(CURL, List.of(), List.of()), List.of()));
    }

    @ParameterizedTest
    @MethodSource("deniedRequests")
    void whatIsSuggestedAllowsTheRequest(RecordedRequest request) {
        Judgement.Denied denied = (Judgement.Denied) judge(READING, request);
        Suggestion suggestion = Suggestion.of(READING, request, Optional.of(denied.code()));
        assertThat(suggestion).isInstanceOfSatisfying(Suggestion.Operations.class, found -> {
            MergeOutcome.Merged merged = (MergeOutcome.Merged) PolicyMerge.apply(READING, found.operations());
            assertThat(judge(merged.document(), request).allows()).isTrue();
            assertThat(judge(merged.document(), http("DELETE", "/a")).allows()).isFalse();
        });
    }

    @Test
    void nothingIsSuggestedForWhatNoPolicyCanOpen() {
        for (ReasonCode code : ReasonCode.values()) {
            Suggestion suggestion = Suggestion.of(NONE, connect("127.0.0.1", 80), Optional.of(code));
            assertThat(suggestion).as("%s", code).isInstanceOf(Suggestion.None.class);
        }
    }

    @Test
    void aStricterPolicyNewlyDeniesWhatWasAllowed() {
        List<RecordedVerdict> verdicts = List.of(verdict("1", true, http("GET", "/a")), verdict("2", true, http("GET", "/a")),
                verdict("3", false, http("POST", "/a")));
        Flips stricter = Flips.of(verdicts, NONE, READING);
        assertThat(stricter.refuseMore()).isTrue();
        assertThat(stricter.found()).singleElement().satisfies(flip -> {
            assertThat(flip.count()).isEqualTo(2);
            assertThat(flip.allowed()).isFalse();
            assertThat(flip.decisionId()).isEqualTo("2");
        });
        assertThat(Flips.of(verdicts, READING, READING).found()).isEmpty();
    }

    @Test
    void aMorePermissivePolicyNewlyAllows() {
        PolicyDocument full = policy(NetworkEndpoint.plain("api.example.com", 443));
        Flips flips = Flips.of(List.of(verdict("3", false, http("POST", "/a"))), full, READING);
        assertThat(flips.found()).singleElement().satisfies(flip -> assertThat(flip.allowed()).isTrue());
        assertThat(flips.refuseMore()).isFalse();
    }

    @Test
    void whatThePolicyInForceDecidesAlikeIsNoFlip() {
        Flips flips = Flips.of(List.of(verdict("1", true, http("POST", "/a"))), READING, READING);
        assertThat(flips.found()).isEmpty();
        assertThat(flips.changedAlready()).isEqualTo(1);
    }

    private static Judgement judge(PolicyDocument policy, RecordedRequest request) {
        return PolicyReview.judge(CompiledPolicy.compile(policy), request);
    }

    private static RecordedVerdict verdict(String id, boolean allowed, RecordedRequest request) {
        return new RecordedVerdict(id, Instant.ofEpochSecond(Long.parseLong(id)), allowed, request);
    }

    private static RecordedRequest http(String method, String path) {
        return new RecordedRequest("api.example.com", 443, method, path, new Caller(CURL, List.of(), List.of()), List.of());
    }

    private static RecordedRequest connect(String host, int port, String... addresses) {
        List<InetAddress> resolved = Stream.of(addresses).map(IpLiteral::parse).flatMap(Optional::stream).toList();
        return new RecordedRequest(host, port, "", "", new Caller(CURL, List.of(), List.of()), resolved);
    }

    private static PolicyDocument policy(NetworkEndpoint endpoint) {
        return NONE.withNetworkPolicies(
                Map.of("api", new NetworkRule("", List.of(endpoint), List.of(new NetworkBinary(CURL)))));
    }
}
