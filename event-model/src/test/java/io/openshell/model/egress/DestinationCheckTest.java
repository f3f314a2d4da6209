package io.openshell.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.policy.IpLiteral;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.Provenance;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationCheckTest {
    private static final String BINARY = "/bin/x";

    @ParameterizedTest
    @CsvSource({
        // endpoint host, port, requested host, resolved, accepted
        "127.0.0.1, 8080, 127.0.0.1, 127.0.0.1, SSRF_ALWAYS_BLOCKED",
        "169.254.169.254, 80, 169.254.169.254, 169.254.169.254, SSRF_ALWAYS_BLOCKED",
        "a.example.com, 443, a.example.com, 10.0.0.5, ok",
        "a.example.com, 443, a.example.com, 8.8.8.8, ok",
        "a.example.com, 443, A.EXAMPLE.com, 10.0.0.5, ok",
        "*.example.com, 443, a.example.com, 8.8.8.8, ok",
        "*.example.com, 443, a.example.com, 10.0.0.5, SSRF_INTERNAL_ADDRESS",
        "10.1.2.3, 443, 10.1.2.3, 10.1.2.3, ok",
        "10.1.2.3, 443, 10.1.2.3, 10.1.2.4, SSRF_ALWAYS_BLOCKED",
        "a.example.com, 443, a.example.com, ::ffff:127.0.0.1, SSRF_ALWAYS_BLOCKED",
        "a.example.com, 443, a.example.com, 64:ff9b::7f00:1, SSRF_ALWAYS_BLOCKED",
        "a.example.com, 443, a.example.com, 2002:a9fe:a9fe::1, SSRF_ALWAYS_BLOCKED",
        "*.0.0.5, 443, 10.0.0.5, 10.0.0.5, SSRF_INTERNAL_ADDRESS",
        "a.example.com, 6443, a.example.com, 8.8.8.8, SSRF_CONTROL_PLANE_PORT",
        "*.example.com, 10250, a.example.com, 8.8.8.8, SSRF_CONTROL_PLANE_PORT"})
    void thePlanFollowsFromTheEndpoint(String endpoint, int port, String host, String resolved, String expected) {
        assertThat(outcome(NetworkEndpoint.plain(endpoint, port), host, resolved)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "a.example.com, 10.200.0.0/24, 10.200.0.9, ok",
        "a.example.com, 10.200.0.0/24, 10.201.0.9, SSRF_NOT_IN_ALLOWED_IPS",
        "a.example.com, 127.0.0.0/8, 127.0.0.1, SSRF_INVALID_ALLOWED_IPS",
        "a.example.com, not-an-ip, 8.8.8.8, SSRF_INVALID_ALLOWED_IPS",
        "a.example.com, 10.0.0.0/33, 10.0.0.1, SSRF_INVALID_ALLOWED_IPS",
        "a.example.com, 0.0.0.0/0, 8.8.8.8, SSRF_INVALID_ALLOWED_IPS",
        "'', 10.0.0.0/8, 10.1.2.3, ok",
        "'', 10.0.0.0/8, 8.8.8.8, SSRF_NOT_IN_ALLOWED_IPS"})
    void anAddressListIsTheOnlyWayIn(String host, String list, String resolved, String expected) {
        NetworkEndpoint endpoint = NetworkEndpoint.builder(host, 8080).allowedIps(List.of(list)).build();
        assertThat(outcome(endpoint, "a.example.com", resolved)).isEqualTo(expected);
    }

    @Test
    void oneBadAddressRefusesAll() {
        NetworkEndpoint wildcard = NetworkEndpoint.plain("*.example.com", 443);
        assertThat(outcome(wildcard, "a.example.com", "8.8.8.8", "1.1.1.1")).isEqualTo("ok");
        assertThat(outcome(wildcard, "a.example.com", "8.8.8.8", "10.0.0.1")).isEqualTo("SSRF_INTERNAL_ADDRESS");
    }

    @Test
    void aNameWithoutAddressesIsRefused() {
        assertThat(outcome(NetworkEndpoint.plain("a.example.com", 443), "a.example.com")).isEqualTo("SSRF_UNRESOLVED");
    }

    @Test
    void aProposedHostIsNotDeclared() {
        NetworkEndpoint written = NetworkEndpoint.plain("a.example.com", 443);
        assertThat(outcome(written, "a.example.com", "10.0.0.5")).isEqualTo("ok");
        NetworkEndpoint proposed = written.toBuilder().provenance(new Provenance(true, false)).build();
        assertThat(outcome(proposed, "a.example.com", "10.0.0.5")).isEqualTo("SSRF_INTERNAL_ADDRESS");
    }

    @Test
    void aCallerThatNoRuleNamesGetsTheStrictestPlan() {
        PolicyDocument policy = EgressEvaluatorTest.policy(Map.of("k", EgressEvaluatorTest.rule("a.example.com", 443, BINARY)));
        EgressRequest other = new EgressRequest("a.example.com", 443, new Caller("/bin/other", List.of(), List.of()));
        assertThat(DestinationPlanner.plan(CompiledPolicy.compile(policy), other, Optional.empty()))
                .isEqualTo(new DestinationPlan.PublicOnly());
    }

    @ParameterizedTest
    @CsvSource({
        "169.254.1.2, 169.254.1.2, ok",
        "169.254.1.2, 169.254.1.3, SSRF_TRUSTED_GATEWAY",
        "169.254.169.254, 169.254.169.254, SSRF_TRUSTED_GATEWAY",
        "10.0.0.1, 10.0.0.1, SSRF_TRUSTED_GATEWAY"})
    void theHostGatewayIsOnlyTheCapturedLinkLocalAddress(String captured, String resolved, String expected) {
        DestinationPlan plan = plan(NetworkEndpoint.plain("host.openshell.internal", 8080), "host.openshell.internal",
                Optional.of(address(captured)));
        assertThat(text(DestinationCheck.check(plan, List.of(address(resolved)), 8080))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2379", "2380", "6443", "10250", "10255"})
    void controlPlanePortsAreBlockedInEveryPlan(int port) {
        List<DestinationPlan> plans = List.of(new DestinationPlan.PublicOnly(), new DestinationPlan.Declared("a"),
                new DestinationPlan.Literal(address("8.8.8.8")), new DestinationPlan.TrustedGateway(address("8.8.8.8")));
        assertThat(plans).allSatisfy(plan -> assertThat(text(DestinationCheck.check(plan, List.of(address("8.8.8.8")), port)))
                .isEqualTo("SSRF_CONTROL_PLANE_PORT"));
    }

    private static String outcome(NetworkEndpoint endpoint, String host, String... resolved) {
        List<InetAddress> addresses = Arrays.stream(resolved).map(DestinationCheckTest::address).toList();
        return text(DestinationCheck.check(plan(endpoint, host, Optional.empty()), addresses, endpoint.ports().getFirst()));
    }

    private static DestinationPlan plan(NetworkEndpoint endpoint, String host, Optional<InetAddress> gateway) {
        PolicyDocument policy = EgressEvaluatorTest.policy(Map.of("k", EgressEvaluatorTest.rule(endpoint, BINARY)));
        EgressRequest request = new EgressRequest(host, endpoint.ports().getFirst(), new Caller(BINARY, List.of(), List.of()));
        return DestinationPlanner.plan(CompiledPolicy.compile(policy), request, gateway);
    }

    private static String text(DestinationVerdict verdict) {
        return switch (verdict) {
            case DestinationVerdict.Accepted accepted -> "ok";
            case DestinationVerdict.Blocked blocked -> blocked.code().name();
        };
    }

    static InetAddress address(String text) {
        return IpLiteral.parse(text).orElseThrow();
    }
}
