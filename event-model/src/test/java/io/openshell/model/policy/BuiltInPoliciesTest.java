package io.openshell.model.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.egress.Caller;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.egress.EgressEvaluator;
import io.openshell.model.egress.EgressRequest;
import io.openshell.model.egress.EgressVerdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuiltInPoliciesTest {
    @Test
    void builtInPoliciesAreValid() {
        assertThat(PolicyValidator.all(BuiltInPolicies.restrictive())).isEmpty();
        assertThat(PolicyValidator.all(BuiltInPolicies.community())).isEmpty();
        assertThat(PolicyValidator.reservedKeys(BuiltInPolicies.community())).isEmpty();
    }

    @Test
    void theLogsOfTheHostAreNotShownUnlessAUserAsksForThem() {
        assertThat(BuiltInPolicies.community().filesystem().orElseThrow().readOnly()).contains("/usr").doesNotContain("/var/log");
        assertThat(BuiltInPolicies.restrictive().filesystem().orElseThrow().readOnly()).contains("/usr").doesNotContain("/var/log");
    }

    @Test
    void theRestrictivePolicyAllowsNoEgress() {
        assertThat(BuiltInPolicies.restrictive().networkPolicies()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"github.com, /sandbox/.venv/bin/python3, true", "opencode.ai, /usr/bin/node, true", "opencode.ai, /usr/bin/curl, false",
        "example.com, /usr/bin/curl, false"})
    void theCommunityPolicyAllowsKnownProgramsTheirHosts(String host, String binary, boolean allowed) {
        EgressRequest request = new EgressRequest(host, 443, new Caller(binary, List.of(), List.of()));
        assertThat(EgressEvaluator.evaluate(CompiledPolicy.compile(BuiltInPolicies.community()), request)
                instanceof EgressVerdict.Allowed).isEqualTo(allowed);
    }
}
