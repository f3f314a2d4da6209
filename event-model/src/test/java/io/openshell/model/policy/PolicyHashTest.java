package io.openshell.model.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PolicyHashTest {
    @Test
    void orderOfMapEntriesDoesNotMatterButOrderOfListsDoes() {
        Map<String, NetworkRule> forwards = new LinkedHashMap<>();
        forwards.put("a", rule("x", "y"));
        forwards.put("b", rule("z"));
        Map<String, NetworkRule> backwards = new LinkedHashMap<>();
        backwards.put("b", rule("z"));
        backwards.put("a", rule("x", "y"));
        assertThat(hash(forwards)).isEqualTo(hash(backwards)).matches("[0-9a-f]{64}");
        assertThat(hash(Map.of("a", rule("y", "x"), "b", rule("z")))).isNotEqualTo(hash(forwards));
    }

    @Test
    void everyPartCounts() {
        NetworkEndpoint endpoint = NetworkEndpoint.plain("h", 1);
        List<NetworkEndpoint> variants = List.of(endpoint, endpoint.toBuilder().path("/").build(),
                endpoint.toBuilder().tls("skip").build(), endpoint.toBuilder().ports(List.of(2)).build(),
                endpoint.toBuilder().mcp(new McpOptions(Optional.empty(), Optional.empty())).build(),
                endpoint.toBuilder().provenance(new Provenance(true, false)).build(),
                endpoint.toBuilder().flags(new HttpFlags(false, true, false, false)).build());
        assertThat(variants.stream().map(e -> hash(Map.of("k", new NetworkRule("", List.of(e), List.of())))))
                .doesNotHaveDuplicates();
    }

    @Test
    void theEncodingIsPinnedBecauseStoredHashesOutliveAProcess() {
        assertThat(PolicyHash.of(PolicyDocument.empty())).isEqualTo("91e46a727618206b36f55cf2c7fdc8e30fef5d23688217563f61012f47ad73b7");
        assertThat(PolicyHash.of(spelledOut())).isEqualTo("f11aca5b0b70e7224b037e45e766bea931131e9a1141991cca3d8d0e2980bfdb");
    }

    // Not one of the built-in documents: their content may change, the encoding may not.
    private static PolicyDocument spelledOut() {
        List<String> readable = List.of("/usr", "/lib", "/proc", "/dev/urandom", "/app", "/etc", "/var/log");
        return new PolicyDocument(1, Optional.of(new FilesystemPolicy(true, readable, List.of("/tmp", "/dev/null"))),
                Optional.of(new LandlockPolicy("best_effort")), Optional.empty(), new TreeMap<>(), new TreeMap<>());
    }

    private static NetworkRule rule(String... hosts) {
        return new NetworkRule("", List.of(hosts).stream().map(host -> NetworkEndpoint.plain(host, 443)).toList(), List.of());
    }

    private static String hash(Map<String, NetworkRule> rules) {
        return PolicyHash.of(PolicyDocument.empty().withNetworkPolicies(rules));
    }
}
