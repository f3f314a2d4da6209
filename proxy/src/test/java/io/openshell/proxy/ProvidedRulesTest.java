package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.provider.ProviderProfiles;
import io.openshell.model.sandbox.Attachment;
import io.openshell.model.sandbox.ProvidedRules;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rules that a provider contributes, at the proxy: they open what they name, and what they opened ends with them. */
@Timeout(60)
class ProvidedRulesTest {
    private static final String CONNECT = "CONNECT api.openai.com:443 HTTP/1.1\r\nHost: api.openai.com:443\r\n\r\n";
    private static final CompiledPolicy WITH = CompiledPolicy.compile(ProvidedRules.over(PolicyDocument.empty(), ProvidedRules.of(
            List.of(new Attachment("model", ProviderProfiles.of("openai").orElseThrow().rule())))));

    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer();
        stage = new Stage(Policies.nothing());
        stage.server = server.address();
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
        server.close();
    }

    @Test
    void theyOpenWhatTheyNameAndCloseItAgain() throws Exception {
        try (var refused = stage.client()) {
            refused.send(CONNECT);
            assertThat(refused.rest()).startsWith("HTTP/1.1 403 ").contains("policy_denied");
        }
        stage.proxy.swap(WITH, 2);
        try (var client = stage.client()) {
            client.send(CONNECT);
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            client.send("GET /v1/models HTTP/1.1\r\nHost: api.openai.com:443\r\n\r\n");
            try (var upstream = server.next()) {
                assertThat(upstream.head()).startsWith("GET /v1/models ");
                stage.proxy.swap(Policies.nothing(), 3);
                assertThat(client.rest()).isEmpty();
                assertThat(upstream.rest()).isEmpty();
            }
        }
        assertThat(stage.verdicts.all().toString()).contains("_provider_model");
    }

    @Test
    void aRequestBeyondThemIsRefused() throws Exception {
        stage.proxy.swap(WITH, 2);
        try (var client = stage.client()) {
            client.send(CONNECT);
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            client.send("DELETE /v1/files/a HTTP/1.1\r\nHost: api.openai.com:443\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ").contains("X-OpenShell-Policy: _provider_model");
        }
    }
}
