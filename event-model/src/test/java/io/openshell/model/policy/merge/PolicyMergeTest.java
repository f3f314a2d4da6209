package io.openshell.model.policy.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.RequestMatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyMergeTest {
    private static final String CURL = "/usr/bin/curl";
    private static final String WGET = "/usr/bin/wget";
    private static final NetworkEndpoint A = NetworkEndpoint.plain("a.example.com", 443);
    private static final NetworkEndpoint REST =
            NetworkEndpoint.builder("a.example.com", 443).protocol("rest").enforcement("enforce").access("read-only").build();

    /** Cases of the conformance list: policy, operation, resulting rules; no rules when it is refused. */
    static Stream<Arguments> cases() {
        RequestMatch post = RequestMatch.http("POST", "/x");
        NetworkEndpoint expanded = REST.toBuilder().access("").rules(List.of(allow("GET", "**"), allow("HEAD", "**"),
                allow("OPTIONS", "**"), AllowRule.of(post))).build();
        NetworkEndpoint two = NetworkEndpoint.builder("a.example.com", 80, 443).build();
        return Stream.of(
                arguments(177, Map.of("web", rule(A, CURL)), new MergeOperation.AddRule("other", rule(A, CURL)),
                        Optional.of(Map.of("web", rule(A, CURL)))),
                arguments(178, Map.of("web", rule(REST, CURL)),
                        new MergeOperation.AddAllow("A.example.com", 443, List.of(AllowRule.of(post))),
                        Optional.of(Map.of("web", rule(expanded, CURL)))),
                arguments(179, Map.of("web", rule(REST, CURL)),
                        new MergeOperation.AddDeny("a.example.com", 443, List.of(RequestMatch.http("DELETE", "/x"))),
                        Optional.of(Map.of("web", rule(REST.toBuilder()
                                .denyRules(List.of(RequestMatch.http("DELETE", "/x"))).build(), CURL)))),
                arguments(180, Map.of("web", rule(A, CURL)),
                        new MergeOperation.AddAllow("a.example.com", 443, List.of(AllowRule.of(post))), Optional.empty()),
                arguments(181, Map.of("web", rule(two, CURL)),
                        new MergeOperation.RemoveEndpoint(Optional.empty(), "a.example.com", 80),
                        Optional.of(Map.of("web", rule(A, CURL)))),
                arguments(182, Map.of("web", rule(A, CURL)), new MergeOperation.RemoveBinary("web", CURL),
                        Optional.of(Map.of())),
                arguments(183, Map.of("web", rule(A, CURL)), new MergeOperation.RemoveRule("nothing"),
                        Optional.of(Map.of("web", rule(A, CURL)))));
    }

    @ParameterizedTest(name = "case {0}")
    @MethodSource("cases")
    void conformance(int number, Map<String, NetworkRule> before, MergeOperation operation,
            Optional<Map<String, NetworkRule>> expected) {
        MergeOutcome outcome = PolicyMerge.apply(document(before), List.of(operation));
        if (expected.isEmpty()) {
            assertThat(outcome).isInstanceOf(MergeOutcome.Refused.class);
        } else {
            assertThat(merged(outcome)).isEqualTo(expected.get());
        }
    }

    @Test
    void aBatchIsAppliedAsAWholeOrNotAtAll() {
        MergeOperation good = new MergeOperation.AddRule("new", rule(NetworkEndpoint.plain("b.example.com", 443), CURL));
        assertThat(merged(PolicyMerge.apply(document(Map.of()), List.of(good)))).containsOnlyKeys("new");
        assertThat(PolicyMerge.apply(document(Map.of()), List.of(good, new MergeOperation.AddAllow("c", 1,
                List.of(allow("GET", "/"))))))
                .isEqualTo(new MergeOutcome.Refused(MergeOutcome.Kind.NOT_FOUND, "no rule has an endpoint c:1"));
    }

    @Test
    void anotherProgramDoesNotGetTheOtherEndpointsOfTheRule() {
        NetworkRule shared = new NetworkRule("", List.of(A, NetworkEndpoint.plain("b.example.com", 443)), binaries(CURL));
        MergeOperation named = new MergeOperation.AddRule("web", rule(A, WGET));
        assertThat(refused(PolicyMerge.apply(document(Map.of("web", shared)), List.of(named))).kind())
                .isEqualTo(MergeOutcome.Kind.CONFLICT);
        MergeOperation unnamed = new MergeOperation.AddRule("wget", rule(A, WGET));
        assertThat(merged(PolicyMerge.apply(document(Map.of("web", shared)), List.of(unnamed))))
                .isEqualTo(Map.of("web", shared, "wget", rule(A, WGET)));
    }

    @Test
    void programsOfTheRuleDoNotGetANewEndpointUnlessTheyAreNamed() {
        NetworkEndpoint b = NetworkEndpoint.plain("b.example.com", 443);
        PolicyDocument before = document(Map.of("web", new NetworkRule("", List.of(A), binaries(CURL, WGET))));
        assertThat(refused(PolicyMerge.apply(before, List.of(new MergeOperation.AddRule("web", rule(b, CURL))))).reason())
                .contains(WGET, "b.example.com");
        assertThat(merged(PolicyMerge.apply(before, List.of(new MergeOperation.AddRule("web",
                new NetworkRule("", List.of(b), binaries(CURL, WGET)))))).get("web").endpoints()).containsExactly(A, b);
    }

    @Test
    void anEndpointIsNotWidenedForProgramsThatAreNotNamed() {
        PolicyDocument before = document(Map.of("web", new NetworkRule("", List.of(REST), binaries(CURL, WGET))));
        NetworkEndpoint more = REST.toBuilder().access("").rules(List.of(allow("POST", "/x"))).build();
        assertThat(refused(PolicyMerge.apply(before, List.of(new MergeOperation.AddRule("web", rule(more, CURL))))).kind())
                .isEqualTo(MergeOutcome.Kind.CONFLICT);
    }

    @Test
    void aRuleWithoutProgramsStaysForNobody() {
        MergeOutcome outcome = PolicyMerge.apply(document(Map.of("web", rule(A, CURL))),
                List.of(new MergeOperation.AddRule("open", new NetworkRule("", List.of(NetworkEndpoint.plain("b", 1)), List.of()))));
        assertThat(merged(outcome).get("open").binaries()).isEmpty();
        assertThat(((MergeOutcome.Merged) outcome).warnings()).anyMatch(warning -> warning.contains("names no program"));
    }

    @Test
    void whatTheEndpointSaysStaysAndTheDifferenceIsTold() {
        MergeOutcome outcome = PolicyMerge.apply(document(Map.of("web", rule(REST, CURL))), List.of(
                new MergeOperation.AddRule("web", rule(REST.toBuilder().access("full").build(), CURL))));
        assertThat(merged(outcome)).isEqualTo(Map.of("web", rule(REST, CURL)));
        assertThat(((MergeOutcome.Merged) outcome).warnings()).anyMatch(warning -> warning.contains("'full' is ignored"));
    }

    @Test
    void onlyTheNamedPortGetsTheNewRule() {
        NetworkEndpoint two = REST.toBuilder().ports(List.of(80, 443)).build();
        List<NetworkEndpoint> after = merged(PolicyMerge.apply(document(Map.of("web", rule(two, CURL))),
                List.of(new MergeOperation.AddAllow("a.example.com", 80, List.of(allow("POST", "/x")))))).get("web").endpoints();
        assertThat(after).hasSize(2);
        assertThat(after.get(0).ports()).containsExactly(80);
        assertThat(after.get(1)).isEqualTo(two.toBuilder().ports(List.of(443)).build());
    }

    @Test
    void rulesOfTheControlPlaneAreNeverTouched() {
        Map<String, NetworkRule> before = Map.of("_provider_x", rule(REST, CURL));
        assertThat(merged(PolicyMerge.apply(document(before), List.of(
                new MergeOperation.RemoveEndpoint(Optional.empty(), "a.example.com", 443))))).isEqualTo(before);
        assertThat(refused(PolicyMerge.apply(document(before), List.of(new MergeOperation.AddAllow("a.example.com", 443,
                List.of(allow("POST", "/x")))))).kind()).isEqualTo(MergeOutcome.Kind.NOT_FOUND);
        assertThat(refused(PolicyMerge.apply(document(before),
                List.of(new MergeOperation.RemoveRule("_provider_x")))).kind()).isEqualTo(MergeOutcome.Kind.INVALID);
    }

    @Test
    void aSecondMatchingEndpointMakesItUnclear() {
        MergeOperation deny = new MergeOperation.AddDeny("a.example.com", 443, List.of(RequestMatch.http("GET", "/x")));
        assertThat(PolicyMerge.apply(document(Map.of("one", rule(REST, CURL))), List.of(deny)))
                .isInstanceOf(MergeOutcome.Merged.class);
        assertThat(refused(PolicyMerge.apply(document(Map.of("one", rule(REST, CURL), "two", rule(REST, WGET))),
                List.of(deny))).kind()).isEqualTo(MergeOutcome.Kind.CONFLICT);
    }

    @Test
    void mcpAndOtherTrafficDoNotShareAPort() {
        NetworkEndpoint mcp = NetworkEndpoint.builder("a.example.com", 443).path("/mcp").protocol("mcp").build();
        assertThat(refused(PolicyMerge.apply(document(Map.of("web", rule(REST, CURL))),
                List.of(new MergeOperation.AddRule("tools", rule(mcp, CURL))))).kind()).isEqualTo(MergeOutcome.Kind.CONFLICT);
        Map<String, NetworkRule> already = Map.of("web", rule(REST, CURL), "tools", rule(mcp, CURL));
        assertThat(PolicyMerge.apply(document(already), List.of(
                new MergeOperation.AddRule("new", rule(NetworkEndpoint.plain("b.example.com", 443), CURL)))))
                .isInstanceOf(MergeOutcome.Merged.class);
    }

    @ParameterizedTest
    @MethodSource("hopelessPlaces")
    void placesNoPolicyCanOpenAreRefused(NetworkEndpoint endpoint) {
        assertThat(refused(PolicyMerge.apply(document(Map.of()), List.of(
                new MergeOperation.AddRule("x", rule(endpoint, CURL))))).kind()).isEqualTo(MergeOutcome.Kind.INVALID);
    }

    static Stream<NetworkEndpoint> hopelessPlaces() {
        return Stream.of(NetworkEndpoint.plain("localhost", 80), NetworkEndpoint.plain("127.0.0.1", 80),
                NetworkEndpoint.plain("169.254.169.254", 80), NetworkEndpoint.plain("Metadata.Google.Internal", 80),
                NetworkEndpoint.plain("::1", 80),
                NetworkEndpoint.builder("a.example.com", 80).allowedIps(List.of("127.0.0.0/8")).build());
    }

    @Test
    void generatedNamesTellHostAndPort() {
        assertThat(RuleNames.of("API.exa-mple.com", 443)).isEqualTo("allow_api_exa_mple_com_443");
    }

    private static AllowRule allow(String method, String path) {
        return AllowRule.of(RequestMatch.http(method, path));
    }

    private static NetworkRule rule(NetworkEndpoint endpoint, String binary) {
        return new NetworkRule("", List.of(endpoint), binaries(binary));
    }

    private static List<NetworkBinary> binaries(String... paths) {
        return Stream.of(paths).map(NetworkBinary::new).toList();
    }

    private static PolicyDocument document(Map<String, NetworkRule> rules) {
        return PolicyDocument.empty().withNetworkPolicies(rules);
    }

    private static Map<String, NetworkRule> merged(MergeOutcome outcome) {
        assertThat(outcome).isInstanceOf(MergeOutcome.Merged.class);
        return ((MergeOutcome.Merged) outcome).document().networkPolicies();
    }

    private static MergeOutcome.Refused refused(MergeOutcome outcome) {
        assertThat(outcome).isInstanceOf(MergeOutcome.Refused.class);
        return (MergeOutcome.Refused) outcome;
    }
}
