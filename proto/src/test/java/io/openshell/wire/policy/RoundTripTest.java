package io.openshell.wire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.policy.Provenance;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundTripTest {
    private static final int DOCUMENTS = 200;

    @Test
    void everyDocumentSurvivesItsText() throws PolicyParseException {
        for (int seed = 0; seed < DOCUMENTS; seed++) {
            PolicyDocument document = new RandomPolicies(seed).document();
            String text = PolicyYaml.write(document);
            PolicyDocument back = PolicyYaml.parse(text);
            assertThat(back).as("seed %d%n%s", seed, text).isEqualTo(document);
            assertThat(PolicyYaml.write(back)).isEqualTo(text);
            assertThat(PolicyHash.of(back)).isEqualTo(PolicyHash.of(document));
        }
    }

    @Test
    void everyDocumentSurvivesItsMessage() throws Exception {
        for (int seed = 0; seed < DOCUMENTS; seed++) {
            PolicyDocument document = new RandomPolicies(seed).document();
            SandboxPolicy message = PolicyCodec.encode(document);
            assertThat(PolicyCodec.decode(SandboxPolicy.parseFrom(message.toByteArray()))).as("seed %d", seed).isEqualTo(document);
            assertThat(PolicyCodec.encode(PolicyCodec.decode(message))).isEqualTo(message);
        }
    }

    @Test
    void factsOfTheControlPlaneTravelOnTheWireOnly() throws PolicyParseException {
        PolicyDocument document = PolicyDocument.empty().withNetworkPolicies(Map.of("k", new NetworkRule("", List.of(
                NetworkEndpoint.builder("a.example.com", 443).provenance(new Provenance(true, true)).build()), List.of())));
        assertThat(PolicyCodec.decode(PolicyCodec.encode(document))).isEqualTo(document);
        assertThat(PolicyYaml.parse(PolicyYaml.write(document)).networkPolicies().get("k").endpoints().getFirst().provenance())
                .isEqualTo(Provenance.AUTHOR);
    }

    @Test
    void aSinglePortFieldIsReadWhenTheListIsEmpty() {
        SandboxPolicy.Builder message = SandboxPolicy.newBuilder().setVersion(1);
        io.openshell.wire.sandbox.v1.NetworkPolicyRule.Builder rule = io.openshell.wire.sandbox.v1.NetworkPolicyRule.newBuilder();
        rule.addEndpointsBuilder().setHost("a").setPort(443);
        rule.addEndpointsBuilder().setHost("b").setPort(22).addPorts(80);
        PolicyDocument document = PolicyCodec.decode(message.putNetworkPolicies("k", rule.build()).build());
        assertThat(document.networkPolicies().get("k").endpoints()).extracting(NetworkEndpoint::ports)
                .containsExactly(List.of(443), List.of(80));
    }
}
