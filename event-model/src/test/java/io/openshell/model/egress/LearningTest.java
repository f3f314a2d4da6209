package io.openshell.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.policy.IpLiteral;
import io.openshell.model.policy.Learning;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyValidator;
import io.openshell.model.policy.RequestMatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LearningTest {
    private static final Caller CURL = new Caller("/usr/bin/curl", List.of(), List.of());
    private static final NetworkEndpoint REST = NetworkEndpoint.builder("a.example.com", 443).protocol("rest")
            .enforcement("enforce").access("read-only").denyRules(List.of(RequestMatch.http("GET", "/secret"))).build();
    private static final PolicyDocument STRICT = PolicyDocument.empty().withNetworkPolicies(
            Map.of("a", new NetworkRule("", List.of(REST), List.of(new NetworkBinary(CURL.executable())))));

    private static EgressVerdict connect(PolicyDocument document, String host) {
        return EgressEvaluator.evaluate(CompiledPolicy.compile(document), new EgressRequest(host, 443, CURL));
    }

    private static RequestVerdict request(PolicyDocument document, String host, String method, String path) {
        return RequestScope.of(CompiledPolicy.compile(document), new EgressRequest(host, 443, CURL))
                .judge(new HttpRequest(method, path, "", HttpRequest.Kind.PLAIN));
    }

    @Test
    void whatNoRuleAllowsIsLetThroughAndRecorded() {
        assertThat(connect(STRICT, "b.example.com")).isInstanceOf(EgressVerdict.Denied.class);
        assertThat(connect(Learning.on(STRICT), "b.example.com")).isInstanceOfSatisfying(EgressVerdict.Allowed.class, allowed -> {
            assertThat(allowed.policyKey()).isEqualTo(Learning.KEY);
            assertThat(allowed.declaredHost()).isFalse();
        });
        assertThat(request(Learning.on(STRICT), "b.example.com", "POST", "/x")).isInstanceOfSatisfying(RequestVerdict.Audited.class,
                audited -> assertThat(audited.code()).isEqualTo(ReasonCode.REQUEST_NOT_ALLOWED));
        assertThat(request(STRICT, "a.example.com", "POST", "/x")).isInstanceOf(RequestVerdict.Denied.class);
        assertThat(request(Learning.on(STRICT), "a.example.com", "POST", "/x")).isInstanceOf(RequestVerdict.Audited.class);
        assertThat(request(Learning.on(STRICT), "a.example.com", "GET", "/x")).isInstanceOf(RequestVerdict.Allowed.class);
    }

    @Test
    void denyRulesAndInternalAddressesAreRefusedAsEver() {
        assertThat(request(Learning.on(STRICT), "a.example.com", "GET", "/secret")).isInstanceOf(RequestVerdict.Denied.class);
        var compiled = CompiledPolicy.compile(Learning.on(STRICT));
        var plan = DestinationPlanner.plan(compiled, new EgressRequest("b.example.com", 443, CURL), Optional.empty());
        assertThat(DestinationCheck.check(plan, List.of(IpLiteral.parse("8.8.8.8").orElseThrow()), 443))
                .isInstanceOf(DestinationVerdict.Accepted.class);
        assertThat(DestinationCheck.check(plan, List.of(IpLiteral.parse("10.0.0.1").orElseThrow()), 443))
                .isInstanceOf(DestinationVerdict.Blocked.class);
    }

    @Test
    void theEntryIsValidOnlyWhenItSaysNothing() {
        assertThat(PolicyValidator.all(Learning.on(STRICT))).isEmpty();
        assertThat(Learning.off(Learning.on(STRICT))).isEqualTo(STRICT);
        NetworkRule rule = new NetworkRule("", List.of(REST), List.of());
        assertThat(PolicyValidator.all(PolicyDocument.empty().withNetworkPolicies(Map.of(Learning.KEY, rule)))).isNotEmpty();
    }
}
