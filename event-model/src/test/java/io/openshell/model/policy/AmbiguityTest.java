package io.openshell.model.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmbiguityTest {
    private static final String HOST = "a.example.com";

    @Test
    void anAddressListOnOnlyOneSideIsAmbiguous() {
        assertThat(compare(e -> e, e -> e)).isEmpty();
        assertThat(compare(e -> e, e -> e.allowedIps(List.of("10.0.0.0/8")))).singleElement()
                .satisfies(violation -> assertThat(violation.message()).contains("allowed_ips"));
    }

    @Test
    void addressListsAreComparedWithoutOrderBlanksAndCase() {
        assertThat(compare(e -> e.allowedIps(List.of("10.0.0.0/8", "FD00::/8")), e -> e.allowedIps(List.of(" fd00::/8", "10.0.0.0/8"))))
                .isEmpty();
    }

    @Test
    void disjointPortsAreNeverAmbiguous() {
        assertThat(compare(e -> e.tls("skip"), e -> e.ports(List.of(8443)))).isEmpty();
        assertThat(compare(e -> e.tls("skip"), e -> e)).hasSize(1);
    }

    @Test
    void aPlainEndpointMayOverlapAnInspectedOne() {
        assertThat(compare(e -> e, e -> e.protocol("rest").access("full").enforcement("enforce"))).isEmpty();
    }

    @Test
    void differentEnforcementIsAmbiguousWhateverTheBinaries() {
        NetworkEndpoint enforce = rest().enforcement("enforce").build();
        NetworkEndpoint audit = rest().enforcement("audit").build();
        PolicyDocument document = PolicyValidatorTest.rules(Map.of(
                "a", new NetworkRule("", List.of(enforce), List.of(new NetworkBinary("/bin/a"))),
                "b", new NetworkRule("", List.of(audit), List.of(new NetworkBinary("/bin/b")))));
        assertThat(PolicyValidator.ambiguity(document)).singleElement()
                .satisfies(violation -> assertThat(violation.message()).contains("enforcement"));
    }

    @Test
    void differentAllowRulesAreNotAmbiguous() {
        assertThat(compare(e -> e.protocol("rest").access("full"), e -> e.protocol("rest").access("read-only"))).isEmpty();
    }

    @Test
    void aMoreSpecificPathMayOverride() {
        assertThat(compare(e -> e.protocol("graphql").access("full").path("/graphql"), e -> e.protocol("rest").access("full")))
                .isEmpty();
        assertThat(compare(e -> e.protocol("graphql").access("full").path("/aa"), e -> e.protocol("rest").access("full").path("/bb")))
                .isEmpty();
        assertThat(compare(e -> e.protocol("graphql").access("full").path("/a/*"), e -> e.protocol("rest").access("full").path("/a/**")))
                .hasSize(1);
    }

    @Test
    void tcpAndExplicitAreAmbiguous() {
        assertThat(compare(e -> e, e -> e.protocol("tcp"))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "a.example.com, A.EXAMPLE.COM, true", "a.example.com, b.example.com, false", "*.example.com, a.example.com, true",
        "*.example.com, a.b.example.com, false", "**.example.com, a.b.example.com, true", "**.example.com, *.b.example.com, true",
        "*.example.com, *.example.org, false", "a*.example.com, *b.example.com, true", "a*.example.com, b*.example.com, false",
        "*.s3.*.amazonaws.com, x.s3.eu.amazonaws.com, true", "'', anything.example, true", "**.com, *.*.com, true"})
    void overlapOfHostPatterns(String one, String two, boolean overlap) {
        assertThat(HostOverlap.possible(one, two)).isEqualTo(overlap);
        assertThat(HostOverlap.possible(two, one)).isEqualTo(overlap);
    }

    private static NetworkEndpointBuilder rest() {
        return NetworkEndpoint.builder(HOST, 443).protocol("rest").access("full");
    }

    private static List<PolicyViolation> compare(
            UnaryOperator<NetworkEndpointBuilder> one, UnaryOperator<NetworkEndpointBuilder> two) {
        return PolicyValidator.ambiguity(PolicyValidatorTest.rules(Map.of(
                "a", PolicyValidatorTest.rule(one.apply(NetworkEndpoint.builder(HOST, 443)).build()),
                "b", PolicyValidatorTest.rule(two.apply(NetworkEndpoint.builder(HOST, 443)).build()))));
    }
}
