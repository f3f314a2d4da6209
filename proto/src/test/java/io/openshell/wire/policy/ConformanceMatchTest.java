package io.openshell.wire.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.openshell.model.egress.Caller;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.egress.DestinationCheck;
import io.openshell.model.egress.DestinationPlanner;
import io.openshell.model.egress.DestinationVerdict;
import io.openshell.model.egress.EgressEvaluator;
import io.openshell.model.egress.EgressRequest;
import io.openshell.model.egress.EgressVerdict;
import io.openshell.model.policy.IpLiteral;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Cases 53 to 71 and 137 to 150 of the conformance list: who may connect where, and to which addresses. */
class ConformanceMatchTest {
    private static final String CLAUDE = "/usr/local/bin/claude";
    private static final String CLAUDE_POLICY = CaseText.entry("claude", "{host: api.anthropic.com, port: 443}", CLAUDE, true);
    private static final String X = "/bin/x";
    private static final String Y = "/bin/y";

    private static Caller caller(String executable, String... ancestors) {
        return new Caller(executable, List.of(ancestors), List.of());
    }

    private static String hosts(String host) {
        return CaseText.entry("k", "{host: '" + host + "', port: 443}", X, true);
    }

    /** Number, policy, host, port, caller, and the key that allows it; otherwise a part of the reason. */
    static Stream<Arguments> connections() {
        String api = "api.anthropic.com";
        String both = CaseText.entry("a", "{host: a.example.com, port: 443}", X, true)
                + CaseText.entry("b", "{host: b.example.com, port: 443}", Y, false);
        String twice = CaseText.entry("zeta", "{host: a.example.com, port: 443}", X, true)
                + CaseText.entry("alpha", "{host: a.example.com, port: 443}", X, false);
        String one = CaseText.entry("k", "{host: a.example.com, port: 443}", "/usr/bin/*", true);
        String deep = CaseText.entry("k", "{host: a.example.com, port: 443}", "/sandbox/.uv/python/**", true);
        String nobody = "version: 1\nnetwork_policies: {k: {endpoints: [{host: a.example.com, port: 443}], binaries: []}}";
        String ports = CaseText.entry("k", "{host: a.example.com, ports: [80, 443]}", X, true);
        return Stream.of(
                arguments(53, CLAUDE_POLICY, api, 443, caller(CLAUDE), "claude"),
                arguments(54, CLAUDE_POLICY, api, 443, caller("/usr/bin/python3"), "! '/usr/bin/python3' is not allowed in policy 'claude'"),
                arguments(55, CLAUDE_POLICY, "API.Anthropic.COM", 443, caller(CLAUDE), "claude"),
                arguments(56, CLAUDE_POLICY, api, 8443, caller(CLAUDE), "! not allowed by any policy"),
                arguments(57, CLAUDE_POLICY, "evil.example", 443, caller(CLAUDE), "! not allowed by any policy"),
                arguments(58, CLAUDE_POLICY, api, 443, caller("/usr/bin/node", CLAUDE), "claude"),
                arguments(59, CLAUDE_POLICY, api, 443, caller("/usr/bin/curl", "/bin/sh", "/usr/bin/node", CLAUDE), "claude"),
                arguments(60, CLAUDE_POLICY, api, 443, new Caller("/bin/sh", List.of(), List.of(CLAUDE)), "! '/bin/sh'"),
                arguments(61, both, "a.example.com", 443, caller(X), "a"), arguments(61, both, "b.example.com", 443, caller(X), "! 'b'"),
                arguments(62, twice, "a.example.com", 443, caller(X), "alpha"),
                arguments(63, one, "a.example.com", 443, caller("/usr/bin/node"), "k"),
                arguments(63, one, "a.example.com", 443, caller("/usr/bin/sub/node"), "! 'k'"),
                arguments(64, deep, "a.example.com", 443, caller("/sandbox/.uv/python/3.12/bin/python3"), "k"),
                arguments(65, hosts("*.example.com"), "api.example.com", 443, caller(X), "k"),
                arguments(65, hosts("*.example.com"), "a.b.example.com", 443, caller(X), "! not allowed"),
                arguments(65, hosts("*.example.com"), "example.com", 443, caller(X), "! not allowed"),
                arguments(66, hosts("**.example.com"), "a.b.example.com", 443, caller(X), "k"),
                arguments(66, hosts("**.example.com"), "example.com", 443, caller(X), "! not allowed"),
                arguments(67, hosts("*-aiplatform.googleapis.com"), "us-central1-aiplatform.googleapis.com", 443, caller(X), "k"),
                arguments(67, hosts("*-aiplatform.googleapis.com"), "x.us-aiplatform.googleapis.com", 443, caller(X), "! not allowed"),
                arguments(68, hosts("*.EXAMPLE.com"), "Api.Example.COM", 443, caller(X), "k"),
                arguments(69, nobody, "a.example.com", 443, caller(X), "! 'k'"),
                arguments(70, "version: 1", "a.example.com", 443, caller(X), "! network connections are not allowed"),
                arguments(71, ports, "a.example.com", 443, caller(X), "k"), arguments(71, ports, "a.example.com", 80, caller(X), "k"),
                arguments(71, ports, "a.example.com", 22, caller(X), "! not allowed"));
    }

    @ParameterizedTest(name = "case{0}")
    @MethodSource("connections")
    void casesAboutConnections(int number, String policy, String host, int port, Caller caller, String expected) {
        var compiled = CompiledPolicy.compile(CaseText.parsed(policy));
        switch (EgressEvaluator.evaluate(compiled, new EgressRequest(host, port, caller))) {
            case EgressVerdict.Allowed allowed -> assertThat(allowed.policyKey()).isEqualTo(expected);
            case EgressVerdict.Denied denied -> {
                assertThat(expected).startsWith("! ");
                assertThat(denied.reason()).contains(expected.substring(2)).doesNotContain("\n");
            }
        }
    }

    /** Number, endpoint, requested host, resolved addresses, and the code of the refusal; nothing when it is accepted. */
    static Stream<Arguments> destinations() {
        String exact = "{host: a.example.com, port: 443}";
        String list = "{host: a.example.com, port: 443, allowed_ips: [10.200.0.0/24]}";
        String hostless = "{allowed_ips: [10.0.0.0/8], port: 8080}";
        String wild = "{host: '*.example.com', port: 443}";
        return Stream.of(
                arguments(137, "{host: 127.0.0.1, port: 8080}", "127.0.0.1", "127.0.0.1", "SSRF_ALWAYS_BLOCKED"),
                arguments(138, "{host: 169.254.169.254, port: 80}", "169.254.169.254", "169.254.169.254", "SSRF_ALWAYS_BLOCKED"),
                arguments(139, exact, "a.example.com", "10.0.0.5", ""),
                arguments(140, wild, "a.example.com", "8.8.8.8", ""), arguments(140, wild, "a.example.com", "10.0.0.5", "SSRF_INTERNAL_ADDRESS"),
                arguments(141, list, "a.example.com", "10.200.0.9", ""),
                arguments(141, list, "a.example.com", "10.201.0.9", "SSRF_NOT_IN_ALLOWED_IPS"),
                arguments(142, "{host: a.example.com, port: 443, allowed_ips: [127.0.0.0/8]}", "a.example.com", "127.0.0.1",
                        "SSRF_INVALID_ALLOWED_IPS"),
                arguments(143, hostless, "any.example.com", "10.1.2.3", ""),
                arguments(143, hostless, "any.example.com", "8.8.8.8", "SSRF_NOT_IN_ALLOWED_IPS"),
                arguments(144, "{host: 10.1.2.3, port: 443}", "10.1.2.3", "10.1.2.3", ""),
                arguments(145, exact, "a.example.com", "::ffff:127.0.0.1", "SSRF_ALWAYS_BLOCKED"),
                arguments(146, "{host: a.example.com, port: 6443}", "a.example.com", "8.8.8.8", "SSRF_CONTROL_PLANE_PORT"),
                arguments(147, wild, "a.example.com", "172.15.0.1", ""), arguments(147, wild, "a.example.com", "172.32.0.1", ""),
                arguments(147, wild, "a.example.com", "172.16.0.1", "SSRF_INTERNAL_ADDRESS"),
                arguments(148, wild, "a.example.com", "100.128.0.1", ""),
                arguments(148, wild, "a.example.com", "100.64.0.1", "SSRF_INTERNAL_ADDRESS"),
                arguments(148, wild, "a.example.com", "fd00::1", "SSRF_INTERNAL_ADDRESS"),
                arguments(148, exact, "a.example.com", "fd00::1", ""),
                arguments(148, exact, "a.example.com", "fe80::1", "SSRF_ALWAYS_BLOCKED"),
                arguments(149, exact, "a.example.com", "", "SSRF_UNRESOLVED"),
                arguments(150, "{host: a.example.com, port: 443, allowed_ips: [not-an-ip]}", "a.example.com", "8.8.8.8",
                        "SSRF_INVALID_ALLOWED_IPS"));
    }

    @ParameterizedTest(name = "case{0}")
    @MethodSource("destinations")
    void casesAboutDestinations(int number, String endpoint, String host, String resolved, String code) {
        var document = CaseText.parsed(CaseText.entry("k", endpoint, X, true));
        var compiled = CompiledPolicy.compile(document);
        int port = document.networkPolicies().get("k").endpoints().getFirst().ports().getFirst();
        var request = new EgressRequest(host, port, caller(X));
        assertThat(EgressEvaluator.evaluate(compiled, request)).isInstanceOf(EgressVerdict.Allowed.class);
        var addresses = Arrays.stream(resolved.split(",")).filter(text -> !text.isEmpty())
                .map(text -> IpLiteral.parse(text).orElseThrow()).toList();
        var verdict = DestinationCheck.check(DestinationPlanner.plan(compiled, request, Optional.empty()), addresses, port);
        switch (verdict) {
            case DestinationVerdict.Accepted accepted -> assertThat(code).isEmpty();
            case DestinationVerdict.Blocked blocked -> assertThat(blocked.code().name()).isEqualTo(code);
        }
    }

    /** Addresses that only look public, and what an endpoint that names the host exactly is told: nothing, or the reason. */
    static Stream<Arguments> lookalikes() {
        return Stream.of(
                arguments("64:ff9b::a9fe:a9fe", "SSRF_ALWAYS_BLOCKED"), arguments("64:ff9b::a00:1", ""),
                arguments("2002:7f00:1::", "SSRF_ALWAYS_BLOCKED"), arguments("2002:808:808::1", ""),
                arguments("224.0.0.1", "SSRF_ALWAYS_BLOCKED"), arguments("ff02::1", "SSRF_ALWAYS_BLOCKED"),
                arguments("240.0.0.1", ""), arguments("255.255.255.255", ""),
                arguments("::7f00:1", "SSRF_ALWAYS_BLOCKED"));
    }

    @ParameterizedTest
    @MethodSource("lookalikes")
    void addressesThatCarryOrReserveOthersAreNotPublic(String resolved, String code) {
        casesAboutDestinations(0, "{host: '*.example.com', port: 443}", "a.example.com", "8.8.8.8", "");
        casesAboutDestinations(0, "{host: '*.example.com', port: 443}", "a.example.com", resolved, "SSRF_INTERNAL_ADDRESS");
        casesAboutDestinations(0, "{host: a.example.com, port: 443}", "a.example.com", resolved, code);
    }
}
