package io.openshell.model.prover;

import static io.openshell.model.prover.Evidence.Category.CAPABILITY_EXPANSION;
import static io.openshell.model.prover.Evidence.Category.CREDENTIAL_REACH_EXPANSION;
import static io.openshell.model.prover.Evidence.Category.L7_BYPASS_CREDENTIALED;
import static io.openshell.model.prover.Evidence.Category.LINK_LOCAL_REACH;
import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkEndpointBuilder;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.RequestMatch;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What counts as a new way to credentials and link-local addresses, and what does not. */
class ProverTest {
    private static final String CURL = "/usr/bin/curl";
    private static final Set<String> CREDENTIALED = Set.of("api.example.com");
    private static final PolicyDocument NOTHING = PolicyDocument.empty();

    private static PolicyDocument policy(NetworkRule... rules) {
        Map<String, NetworkRule> entries = new TreeMap<>();
        for (NetworkRule rule : rules) {
            entries.put("r" + entries.size(), rule);
        }
        return NOTHING.withNetworkPolicies(entries);
    }

    private static NetworkRule rule(String binary, NetworkEndpoint endpoint) {
        return new NetworkRule("", List.of(endpoint), List.of(new NetworkBinary(binary)));
    }

    private static NetworkEndpointBuilder rest(String host) {
        return NetworkEndpoint.builder(host, 443).protocol("rest").enforcement("enforce");
    }

    private static NetworkEndpoint allowing(String method, String path) {
        return rest("api.example.com").rules(List.of(AllowRule.of(RequestMatch.http(method, path)))).build();
    }

    private static List<Evidence> delta(PolicyDocument current, PolicyDocument candidate) {
        return Prover.delta(current, candidate, CREDENTIALED);
    }

    private static List<Evidence.Category> categories(PolicyDocument current, PolicyDocument candidate) {
        return delta(current, candidate).stream().map(Evidence::category).toList();
    }

    @Test
    void aHostWithoutCredentialsIsNoFindingAndTheTextSaysSo() {
        List<Evidence> none = delta(NOTHING, policy(rule(CURL, NetworkEndpoint.plain("docs.example.com", 443))));
        assertThat(none).isEmpty();
        assertThat(Prover.text(none)).isEqualTo("prover: no new findings");
    }

    @Test
    void reachingAHostWithCredentialsIsAFindingAndOnlyOnceWhenTheReachItselfIsNew() {
        PolicyDocument after = policy(rule(CURL, allowing("GET", "/x")));
        assertThat(delta(NOTHING, after)).containsExactly(new Evidence(CREDENTIAL_REACH_EXPANSION, CURL, "api.example.com", 443, ""));
        assertThat(Prover.text(delta(NOTHING, after)))
                .isEqualTo("prover: 1 new finding: credential_reach_expansion: /usr/bin/curl -> api.example.com:443");
        assertThat(delta(after, after)).isEmpty();
    }

    @Test
    void unjudgedTrafficToAHostWithCredentialsIsAFindingOfItsOwn() {
        assertThat(categories(NOTHING, policy(rule(CURL, NetworkEndpoint.plain("api.example.com", 443)))))
                .containsExactly(CREDENTIAL_REACH_EXPANSION, L7_BYPASS_CREDENTIALED);
        PolicyDocument judged = policy(rule(CURL, rest("api.example.com").access("full").build()));
        PolicyDocument unread = policy(rule(CURL, rest("api.example.com").access("full").build()),
                rule(CURL, rest("api.example.com").access("full").tls("skip").build()));
        PolicyDocument audited = policy(rule(CURL, rest("api.example.com").access("full").build()),
                rule(CURL, rest("api.example.com").access("full").enforcement("audit").build()));
        assertThat(categories(judged, unread)).containsExactly(L7_BYPASS_CREDENTIALED);
        assertThat(categories(judged, audited)).containsExactly(L7_BYPASS_CREDENTIALED);
        assertThat(categories(unread, unread)).isEmpty();
    }

    @Test
    void aNewMethodOrAPathNotCoveredBeforeIsANewCapability() {
        PolicyDocument before = policy(rule(CURL, allowing("GET", "/repos/**")));
        assertThat(categories(before, policy(rule(CURL, allowing("GET", "/repos/**")), rule(CURL, allowing("GET", "/repos/a"))))).isEmpty();
        assertThat(categories(before, policy(rule(CURL, allowing("HEAD", "/repos/a"))))).isEmpty();
        assertThat(delta(before, policy(rule(CURL, allowing("POST", "/repos/a")))))
                .containsExactly(new Evidence(CAPABILITY_EXPANSION, CURL, "api.example.com", 443, "POST /repos/a"));
        assertThat(categories(before, policy(rule(CURL, allowing("GET", "/admin"))))).containsExactly(CAPABILITY_EXPANSION);
        assertThat(categories(policy(rule(CURL, rest("api.example.com").access("read-only").build())),
                policy(rule(CURL, rest("api.example.com").access("read-write").build())))).hasSize(4).containsOnly(CAPABILITY_EXPANSION);
    }

    @Test
    void takingADenyRuleAwayIsANewCapability() {
        NetworkEndpointBuilder full = rest("api.example.com").access("full");
        PolicyDocument denied = policy(rule(CURL, full.denyRules(List.of(RequestMatch.http("DELETE", "/**"))).build()));
        assertThat(categories(denied, denied)).isEmpty();
        assertThat(categories(denied, policy(rule(CURL, rest("api.example.com").access("full").build()))))
                .containsExactly(CAPABILITY_EXPANSION);
    }

    @Test
    void patternsOfHostsAndProgramsLeadToWhatTheyCover() {
        assertThat(categories(NOTHING, policy(rule(CURL, rest("*.example.com").access("full").build()))))
                .containsExactly(CREDENTIAL_REACH_EXPANSION);
        assertThat(categories(NOTHING, policy(rule(CURL, NetworkEndpoint.builder("", 443).allowedIps(List.of("10.0.0.0/8")).build()))))
                .contains(CREDENTIAL_REACH_EXPANSION);
        PolicyDocument all = policy(rule("/usr/bin/*", allowing("GET", "/x")));
        assertThat(categories(all, policy(rule(CURL, allowing("GET", "/x"))))).isEmpty();
        assertThat(categories(policy(rule(CURL, allowing("GET", "/x"))), all)).containsExactly(CREDENTIAL_REACH_EXPANSION);
        assertThat(categories(policy(rule(CURL, allowing("GET", "/x"))), policy(rule("/usr/bin/git", allowing("GET", "/x")))))
                .containsExactly(CREDENTIAL_REACH_EXPANSION);
    }

    @Test
    void linkLocalAddressesAreAFindingWithoutAnyCredentials() {
        for (NetworkEndpoint endpoint : List.of(NetworkEndpoint.plain("169.254.169.254", 80), NetworkEndpoint.plain("fe80::1", 80),
                NetworkEndpoint.plain("metadata.google.internal", 80),
                NetworkEndpoint.builder("a.example.com", 80).allowedIps(List.of("169.254.0.0/24")).build())) {
            PolicyDocument after = policy(rule(CURL, endpoint));
            assertThat(Prover.delta(NOTHING, after, Set.of())).extracting(Evidence::category).containsExactly(LINK_LOCAL_REACH);
            assertThat(Prover.delta(after, after, Set.of())).isEmpty();
        }
    }
}
