package io.openshell.model.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Event;
import io.openshell.model.policy.ConfigValue;
import io.openshell.model.policy.MiddlewareConfig;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PrivateValuesTest {

    private static SandboxEvent.SandboxRequested requested(Map<String, String> environment) {
        return new SandboxEvent.SandboxRequested(new SandboxRequest("id", "demo", "default", Map.of(), Map.of(),
                new SandboxRequest.Launch(List.of("sh"), false, environment, "")));
    }

    @Test
    void valuesOfEnvironmentVariablesAreMaskedAndTheirNamesStay() {
        PrivateValues.Masked masked = PrivateValues.mask(requested(Map.of("TOKEN", "secret", "LANG", "C")));
        assertThat(masked.event()).isEqualTo(requested(Map.of("TOKEN", "***", "LANG", "***")));
        assertThat(masked.what()).containsExactly("environment");
    }

    @Test
    void settingsOfMiddlewaresAreMasked() {
        ConfigValue.Fields config = new ConfigValue.Fields(new TreeMap<>(Map.of("key", new ConfigValue.Text("secret"))));
        PolicyDocument policy = PolicyDocument.empty().withMiddlewares(
                Map.of("sign", new MiddlewareConfig("", "signer", 1, config, "", Optional.empty())));
        PrivateValues.Masked masked = PrivateValues.mask(new SandboxEvent.PolicyRevisionStored(1, "h", policy, Map.of()));
        assertThat(masked.what()).containsExactly("middleware sign");
        assertThat(masked.event().toString()).contains("signer", "key").doesNotContain("secret");
    }

    @Test
    void anEventWithoutPrivateValuesStaysAsItIs() {
        for (Event event : List.of(requested(Map.of()), new SandboxEvent.SandboxReady(1, "i"),
                new SandboxEvent.PolicyRevisionStored(1, "h", PolicyDocument.empty(), Map.of()))) {
            assertThat(PrivateValues.mask(event)).isEqualTo(new PrivateValues.Masked(event, List.of()));
        }
    }
}
