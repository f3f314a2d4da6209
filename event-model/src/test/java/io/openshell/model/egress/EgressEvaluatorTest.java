package io.openshell.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.ConfigValue;
import io.openshell.model.policy.MiddlewareConfig;
import io.openshell.model.policy.MiddlewareSelector;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.Provenance;
import io.openshell.model.policy.RequestMatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressEvaluatorTest {
    private static final String CLAUDE = "/usr/local/bin/claude";
    private static final PolicyDocument CLAUDE_POLICY = policy(Map.of("claude", rule("api.anthropic.com", 443, CLAUDE)));

    @Test
    void aListedBinaryMayReachItsEndpointAndTheKeyIsReported() {
        assertThat(evaluate(CLAUDE_POLICY, "api.anthropic.com", 443, CLAUDE))
                .isInstanceOfSatisfying(EgressVerdict.Allowed.class, allowed -> {
                    assertThat(allowed.policyKey()).isEqualTo("claude");
                    assertThat(allowed.endpoint().endpoint().host()).isEqualTo("api.anthropic.com");
                    assertThat(allowed.declaredHost()).isTrue();
                });
    }

    @Test
    void anotherBinaryIsRefusedWithBinaryRuleAndAncestorsInTheReason() {
        Caller python = new Caller("/usr/bin/python3", List.of("/bin/sh", "/bin/init"), List.of("/work/x.py"));
        assertThat(denied(CLAUDE_POLICY, "api.anthropic.com", 443, python)).satisfies(denied -> {
            assertThat(denied.code()).isEqualTo(ReasonCode.BINARY_NOT_ALLOWED);
            assertThat(denied.reason()).contains("/usr/bin/python3", "claude", "/bin/sh -> /bin/init", "/work/x.py");
        });
    }

    @Test
    void letterCaseOfTheHostDoesNotMatter() {
        assertThat(evaluate(CLAUDE_POLICY, "API.Anthropic.COM", 443, CLAUDE)).isInstanceOf(EgressVerdict.Allowed.class);
        PolicyDocument wild = policy(Map.of("k", rule("*.EXAMPLE.com", 443, CLAUDE)));
        assertThat(evaluate(wild, "Api.Example.COM", 443, CLAUDE)).isInstanceOf(EgressVerdict.Allowed.class);
    }

    @ParameterizedTest
    @CsvSource({"api.anthropic.com,8443", "evil.example,443", "api.anthropic.com.,443", "'',443"})
    void anUnlistedEndpointIsRefusedInOneLine(String host, int port) {
        assertThat(denied(CLAUDE_POLICY, host, port, caller(CLAUDE))).satisfies(denied -> {
            assertThat(denied.code()).isEqualTo(ReasonCode.ENDPOINT_NOT_ALLOWED);
            assertThat(denied.reason()).contains(host + ":" + port).doesNotContain("\n");
        });
    }

    @Test
    void anAncestorGrantsAccess() {
        Caller child = new Caller("/usr/bin/node", List.of(CLAUDE), List.of());
        Caller deep = new Caller("/usr/bin/curl", List.of("/bin/sh", "/usr/bin/node", CLAUDE), List.of());
        assertThat(Stream.of(child, deep).map(c -> evaluate(CLAUDE_POLICY, "api.anthropic.com", 443, c)))
                .allMatch(EgressVerdict.Allowed.class::isInstance);
    }

    @Test
    void commandLinePathsNeverGrantAccess() {
        Caller shell = new Caller("/bin/sh", List.of(), List.of(CLAUDE));
        assertThat(denied(CLAUDE_POLICY, "api.anthropic.com", 443, shell).code()).isEqualTo(ReasonCode.BINARY_NOT_ALLOWED);
    }

    @Test
    void hostAndBinaryOfDifferentRulesDoNotCombine() {
        PolicyDocument policy = policy(Map.of("a", rule("a.example.com", 443, "/bin/x"), "b", rule("b.example.com", 443, "/bin/y")));
        assertThat(evaluate(policy, "a.example.com", 443, "/bin/x")).isInstanceOf(EgressVerdict.Allowed.class);
        assertThat(denied(policy, "b.example.com", 443, caller("/bin/x")).code()).isEqualTo(ReasonCode.BINARY_NOT_ALLOWED);
    }

    @Test
    void theSmallestMatchingKeyIsReported() {
        NetworkRule rule = rule("a.example.com", 443, "/bin/x");
        assertThat(evaluate(policy(Map.of("zeta", rule, "alpha", rule)), "a.example.com", 443, "/bin/x"))
                .isInstanceOfSatisfying(EgressVerdict.Allowed.class, allowed -> assertThat(allowed.policyKey()).isEqualTo("alpha"));
    }

    @ParameterizedTest
    @CsvSource({
        "/usr/bin/*, /usr/bin/node, true",
        "/usr/bin/*, /usr/bin/sub/node, false",
        "/sandbox/.uv/python/**, /sandbox/.uv/python/3.12/bin/python3, true",
        "/sandbox/.uv/python/**, /sandbox/.uv/pythonx, false",
        "/usr/bin/nod?, /usr/bin/node, false",
        "/usr/bin/nod?*, /usr/bin/node, true"})
    void binaryPatternsStayInsideTheirComponents(String pattern, String executable, boolean allowed) {
        PolicyDocument policy = policy(Map.of("k", rule("a.example.com", 443, pattern)));
        assertThat(evaluate(policy, "a.example.com", 443, executable) instanceof EgressVerdict.Allowed).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "*.example.com, api.example.com, true", "*.example.com, a.b.example.com, false", "*.example.com, example.com, false",
        "**.example.com, a.b.example.com, true", "**.example.com, a.example.com, true", "**.example.com, example.com, false",
        "*-aiplatform.googleapis.com, us-central1-aiplatform.googleapis.com, true",
        "*-aiplatform.googleapis.com, x.us-aiplatform.googleapis.com, false",
        "*.s3.*.amazonaws.com, b.s3.eu.amazonaws.com, true", "*.example.com, evilexample.com, false"})
    void hostPatternsStayInsideTheirLabels(String pattern, String host, boolean allowed) {
        PolicyDocument policy = policy(Map.of("k", rule(pattern, 443, CLAUDE)));
        assertThat(evaluate(policy, host, 443, CLAUDE) instanceof EgressVerdict.Allowed).isEqualTo(allowed);
    }

    @Test
    void aRuleWithoutBinariesIsForNobody() {
        NetworkRule nobody = new NetworkRule("", List.of(NetworkEndpoint.plain("a.example.com", 443)), List.of());
        assertThat(denied(policy(Map.of("k", nobody)), "a.example.com", 443, caller(CLAUDE)).code())
                .isEqualTo(ReasonCode.BINARY_NOT_ALLOWED);
    }

    @Test
    void anUnknownExecutableMatchesNoRule() {
        assertThat(denied(policy(Map.of("k", rule("a.example.com", 443, ""))), "a.example.com", 443, caller("")).code())
                .isEqualTo(ReasonCode.BINARY_NOT_ALLOWED);
    }

    @Test
    void withoutNetworkRulesEverythingIsRefused() {
        assertThat(denied(PolicyDocument.empty(), "a.example.com", 443, caller(CLAUDE)).code())
                .isEqualTo(ReasonCode.NO_NETWORK_POLICY);
    }

    @ParameterizedTest
    @CsvSource({"443,true", "80,true", "22,false"})
    void everyListedPortIsOpenAndNoOther(int port, boolean allowed) {
        PolicyDocument policy = policy(Map.of("k", rule(NetworkEndpoint.builder("a.example.com", 80, 443).build(), CLAUDE)));
        assertThat(evaluate(policy, "a.example.com", port, CLAUDE) instanceof EgressVerdict.Allowed).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sql", "ftp"})
    void anEndpointThatAsksForAnInspectionThatIsMissingIsNeverAPlainConnection(String protocol) {
        NetworkEndpoint plain = NetworkEndpoint.plain("a.example.com", 443);
        assertThat(evaluate(policy(Map.of("k", rule(plain, CLAUDE))), "a.example.com", 443, CLAUDE))
                .isInstanceOf(EgressVerdict.Allowed.class);
        NetworkEndpoint inspected = plain.toBuilder().protocol(protocol).access("full").build();
        PolicyDocument both = policy(Map.of("a", rule(plain, CLAUDE), "b", rule(inspected, CLAUDE)));
        assertThat(denied(both, "a.example.com", 443, caller(CLAUDE))).satisfies(denied -> {
            assertThat(denied.code()).isEqualTo(
                    protocol.equals("sql") ? ReasonCode.PROTOCOL_UNSUPPORTED : ReasonCode.INSPECTION_UNAVAILABLE);
            assertThat(denied.reason()).contains("protocol " + protocol, protocol.equals("sql") ? "statements are not read" : "not available");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"rest", "REST", "websocket", "graphql", "json-rpc", "mcp"})
    void anInspectedEndpointIsAllowedAsAnInspectedConnectionAlsoBesideAPlainOne(String protocol) {
        NetworkEndpoint plain = NetworkEndpoint.plain("a.example.com", 443);
        NetworkEndpoint inspected = plain.toBuilder().protocol(protocol).access("full").build();
        PolicyDocument both = policy(Map.of("a", rule(plain, CLAUDE), "b", rule(inspected, CLAUDE)));
        assertThat(evaluate(policy(Map.of("a", rule(plain, CLAUDE))), "a.example.com", 443, CLAUDE))
                .isInstanceOfSatisfying(EgressVerdict.Allowed.class, allowed -> assertThat(allowed.inspected()).isFalse());
        assertThat(evaluate(both, "a.example.com", 443, CLAUDE))
                .isInstanceOfSatisfying(EgressVerdict.Allowed.class, allowed -> assertThat(allowed.inspected()).isTrue());
    }

    @Test
    void requestRulesWithoutAProtocolDoNotBecomeAPlainConnection() {
        NetworkEndpoint plain = NetworkEndpoint.plain("a.example.com", 443);
        assertThat(evaluate(policy(Map.of("k", rule(plain, CLAUDE))), "a.example.com", 443, CLAUDE))
                .isInstanceOf(EgressVerdict.Allowed.class);
        RequestMatch get = RequestMatch.http("GET", "/x");
        List<NetworkEndpoint> narrowed = List.of(plain.toBuilder().rules(List.of(AllowRule.of(get))).build(),
                plain.toBuilder().denyRules(List.of(get)).build(), plain.toBuilder().access("read-only").build(),
                plain.toBuilder().path("/v1/**").build());
        assertThat(narrowed).allSatisfy(endpoint ->
                assertThat(denied(policy(Map.of("k", rule(endpoint, CLAUDE))), "a.example.com", 443, caller(CLAUDE)).code())
                        .isEqualTo(ReasonCode.INSPECTION_UNAVAILABLE));
    }

    @Test
    void anInspectedEndpointOfAnotherProgramDoesNotMatter() {
        NetworkEndpoint inspected = NetworkEndpoint.builder("a.example.com", 443).protocol("rest").access("full").build();
        PolicyDocument policy = policy(Map.of("a", rule("a.example.com", 443, "/bin/a"), "b", rule(inspected, "/bin/b")));
        assertThat(evaluate(policy, "a.example.com", 443, "/bin/a")).isInstanceOf(EgressVerdict.Allowed.class);
        assertThat(evaluate(policy, "a.example.com", 443, "/bin/a")).isInstanceOfSatisfying(EgressVerdict.Allowed.class,
                allowed -> assertThat(allowed.inspected()).isFalse());
        assertThat(evaluate(policy, "a.example.com", 443, "/bin/b")).isInstanceOfSatisfying(EgressVerdict.Allowed.class,
                allowed -> assertThat(allowed.inspected()).isTrue());
    }

    @Test
    void protocolTcpIsAPlainConnection() {
        NetworkEndpoint tcp = NetworkEndpoint.builder("db.example.com", 5432).protocol("tcp").build();
        assertThat(evaluate(policy(Map.of("k", rule(tcp, CLAUDE))), "db.example.com", 5432, CLAUDE))
                .isInstanceOf(EgressVerdict.Allowed.class);
    }

    @ParameterizedTest
    @CsvSource({"fail_closed,false", "'',false", "typo,false", "fail_open,true"})
    void aMiddlewareThatMustSeeEveryRequestRefusesItsHosts(String onError, boolean allowed) {
        MiddlewareConfig config = new MiddlewareConfig("", "x", 0, ConfigValue.Fields.none(), onError,
                Optional.of(new MiddlewareSelector(List.of("**.example.com"), List.of("free.example.com"))));
        PolicyDocument policy = policy(Map.of("k", rule(
                NetworkEndpoint.builder("*.example.com", 443).build(), CLAUDE))).withMiddlewares(Map.of("m", config));
        assertThat(evaluate(policy, "free.example.com", 443, CLAUDE)).isInstanceOf(EgressVerdict.Allowed.class);
        assertThat(evaluate(policy, "a.example.com", 443, CLAUDE) instanceof EgressVerdict.Allowed).isEqualTo(allowed);
    }

    @Test
    void aHostlessEndpointMatchesEveryNameOnItsPort() {
        NetworkEndpoint hostless = NetworkEndpoint.builder("", 5432).allowedIps(List.of("10.0.0.0/8")).build();
        PolicyDocument policy = policy(Map.of("k", rule(hostless, CLAUDE)));
        assertThat(evaluate(policy, "anything.example", 5432, CLAUDE)).isInstanceOfSatisfying(EgressVerdict.Allowed.class,
                allowed -> assertThat(allowed.declaredHost()).isFalse());
        assertThat(evaluate(policy, "anything.example", 5433, CLAUDE)).isInstanceOf(EgressVerdict.Denied.class);
    }

    @Test
    void aProposedEndpointDoesNotDeclareItsHost() {
        NetworkEndpoint proposed = NetworkEndpoint.builder("a.example.com", 443).provenance(new Provenance(true, false)).build();
        assertThat(evaluate(policy(Map.of("k", rule(proposed, CLAUDE))), "a.example.com", 443, CLAUDE))
                .isInstanceOfSatisfying(EgressVerdict.Allowed.class, allowed -> assertThat(allowed.declaredHost()).isFalse());
    }

    static PolicyDocument policy(Map<String, NetworkRule> rules) {
        return PolicyDocument.empty().withNetworkPolicies(rules);
    }

    static NetworkRule rule(String host, int port, String binary) {
        return rule(NetworkEndpoint.plain(host, port), binary);
    }

    static NetworkRule rule(NetworkEndpoint endpoint, String binary) {
        return new NetworkRule("", List.of(endpoint), List.of(new NetworkBinary(binary)));
    }

    private static Caller caller(String executable) {
        return new Caller(executable, List.of(), List.of());
    }

    private static EgressVerdict evaluate(PolicyDocument policy, String host, int port, String executable) {
        return evaluate(policy, host, port, caller(executable));
    }

    private static EgressVerdict evaluate(PolicyDocument policy, String host, int port, Caller caller) {
        return EgressEvaluator.evaluate(CompiledPolicy.compile(policy), new EgressRequest(host, port, caller));
    }

    private static EgressVerdict.Denied denied(PolicyDocument policy, String host, int port, Caller caller) {
        EgressVerdict verdict = evaluate(policy, host, port, caller);
        assertThat(verdict).isInstanceOf(EgressVerdict.Denied.class);
        return (EgressVerdict.Denied) verdict;
    }
}
