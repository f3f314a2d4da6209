package io.openshell.model.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.openshell.model.egress.Caller;
import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.RequestMatch;
import io.openshell.model.review.RecordedRequest;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearnTest {
    private static final String CURL = "/usr/bin/curl";
    private static final PolicyDocument NONE = PolicyDocument.empty();

    /** Cases of the conformance list: denials, and how many proposals come of them. */
    static Stream<Arguments> grouping() {
        return Stream.of(
                arguments(185, List.of(denial("a.example.com", 443, CURL), denial("A.example.com", 443, CURL)), 1),
                arguments(186, List.of(denial("a.example.com", 443, CURL), denial("a.example.com", 443, "/usr/bin/git")), 2),
                arguments(189, List.of(denial("localhost", 80, CURL), denial("169.254.169.254", 80, CURL)), 0));
    }

    @ParameterizedTest(name = "case {0}")
    @MethodSource("grouping")
    void denialsAreGroupedByDestinationAndProgram(int number, List<Denial> denials, int proposals) {
        assertThat(DenialGroup.of(denials).stream().flatMap(group -> Proposal.of(group, NONE).stream())).hasSize(proposals);
        assertThat(DenialGroup.of(denials).stream().mapToLong(DenialGroup::count).sum()).isEqualTo(denials.size());
    }

    @ParameterizedTest(name = "case {0}")
    @CsvSource({"187,api.example.com,443,1,l4,0.65", "188,api.example.com,443,10,l4,0.85", "0,api.example.com,4443,3,l4,0.6",
            "0,api.example.com,4443,1,ssrf,0.3"})
    void confidenceGrowsWithNumberAndPort(int number, String host, int port, int count, String stage, double confidence) {
        ReasonCode code = stage.equals("ssrf") ? ReasonCode.SSRF_INTERNAL_ADDRESS : ReasonCode.ENDPOINT_NOT_ALLOWED;
        Proposal proposal = proposal(Collections.nCopies(count, denial(host, port, CURL, code, "", "")), NONE);
        assertThat(proposal.confidence()).isEqualTo(confidence);
        assertThat(proposal.ruleName()).isEqualTo("allow_api_example_com_" + port);
        assertThat(proposal.rule().endpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.allowedIps()).isEmpty();
            assertThat(endpoint.provenance().advisorProposed()).isTrue();
        });
        assertThat(proposal.rule().binaries()).containsExactly(new NetworkBinary(CURL));
    }

    @ParameterizedTest
    @CsvSource({"/items/12,/items/*", "/items/7,/items/7", "/a/0123456789abcdef,/a/*", "/a/b,/a/b", "/a?x=1,/a", "/*,/?",
            "/u/8a6e0804-2bd0-4672-b79d-d97027f9071a,/u/*"})
    void identifiersAtTheEndOfAPathStandForAny(String path, String expected) {
        Proposal proposal = proposal(List.of(denial("a.example.com", 80, CURL, ReasonCode.REQUEST_NOT_ALLOWED, "post", path)), NONE);
        assertThat(proposal.rule().endpoints().getFirst().rules()).containsExactly(AllowRule.of(RequestMatch.http("POST", expected)));
        assertThat(proposal.rule().endpoints().getFirst().enforcement()).isEqualTo("enforce");
    }

    @Test
    void aKnownDestinationKeepsItsContract() {
        NetworkEndpoint known = NetworkEndpoint.builder("a.example.com", 80, 443).protocol("rest").enforcement("audit").access("full").build();
        PolicyDocument policy = NONE.withNetworkPolicies(
                Map.of("a", new NetworkRule("", List.of(known), List.of(new NetworkBinary("/usr/bin/git")))));
        NetworkEndpoint fitted = proposal(List.of(denial("a.example.com", 443, CURL)), policy).rule().endpoints().getFirst();
        assertThat(fitted).isEqualTo(known.toBuilder().ports(List.of(443)).build());
    }

    @Test
    void samplesAreBounded() {
        List<Denial> many = Stream.iterate(0, i -> i + 1).limit(50)
                .map(i -> denial("a", 80, CURL, ReasonCode.REQUEST_NOT_ALLOWED, "GET", "/p" + i)).toList();
        assertThat(DenialGroup.of(many).getFirst().samples()).hasSize(DenialGroup.MOST_SAMPLES);
    }

    @Test
    void aProposalKeepsItsNameAndAnotherProgramHasAnother() {
        DenialGroup one = DenialGroup.of(List.of(denial("a", 80, CURL))).getFirst();
        assertThat(one.id("s1")).isEqualTo(DenialGroup.of(List.of(denial("a", 80, CURL), denial("a", 80, CURL))).getFirst().id("s1"));
        assertThat(one.id("s1")).isNotEqualTo(one.id("s2"))
                .isNotEqualTo(DenialGroup.of(List.of(denial("a", 80, "/bin/x"))).getFirst().id("s1"));
    }

    @ParameterizedTest(name = "case {0}")
    @CsvSource({"196,*.example.com,443,stands for many hosts", "197,a.example.com,5432,database", "0,10.1.2.3,443,internal",
            "0,a.example.com,50000,ephemeral"})
    void securityNotesNameWhatToThinkAbout(int number, String host, int port, String note) {
        assertThat(SecurityNotes.of(rule(NetworkEndpoint.plain("a.example.com", 443)))).isEmpty();
        assertThat(SecurityNotes.of(rule(NetworkEndpoint.plain(host, port)))).singleElement().asString().contains(note);
    }

    @ParameterizedTest
    @ValueSource(strings = {"IDENTITY_UNKNOWN", "REQUEST_DENIED_BY_RULE", "SSRF_ALWAYS_BLOCKED", "STALE_POLICY", "BYPASS_PROTOCOL",
        "NAME_NOT_ALLOWED", "UNMAPPED_DESTINATION"})
    void refusalsThatNoRuleCausedAreNotLearnedFrom(ReasonCode code) {
        assertThat(Denial.isAboutRules(ReasonCode.ENDPOINT_NOT_ALLOWED)).isTrue();
        assertThat(Denial.isAboutRules(code)).isFalse();
    }

    @Test
    void anAttemptWithoutTheProxyIsLearnedFromLikeOneThroughIt() {
        Denial direct = denial("93.184.216.34", 443, CURL, ReasonCode.BYPASS, "", "");
        assertThat(Denial.isAboutRules(direct.code())).isTrue();
        assertThat(proposal(List.of(direct), NONE).rule().endpoints()).singleElement()
                .satisfies(endpoint -> assertThat(endpoint.host()).isEqualTo("93.184.216.34"));
    }

    private static Proposal proposal(List<Denial> denials, PolicyDocument policy) {
        return Proposal.of(DenialGroup.of(denials).getFirst(), policy).orElseThrow();
    }

    private static NetworkRule rule(NetworkEndpoint endpoint) {
        return new NetworkRule("", List.of(endpoint), List.of(new NetworkBinary(CURL)));
    }

    private static Denial denial(String host, int port, String binary) {
        return denial(host, port, binary, ReasonCode.ENDPOINT_NOT_ALLOWED, "", "");
    }

    private static Denial denial(String host, int port, String binary, ReasonCode code, String method, String path) {
        return new Denial(Instant.EPOCH, code, "no", new RecordedRequest(host, port, method, path,
                new Caller(binary, List.of(), List.of()), List.of()));
    }
}
