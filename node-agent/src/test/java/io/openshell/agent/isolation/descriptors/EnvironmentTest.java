package io.openshell.agent.isolation.descriptors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void case158EveryProgramFamilyIsToldWhomToBelieve() {
        String authority = "/etc/openshell-tls/openshell-ca.pem";
        String bundle = "/etc/openshell-tls/ca-bundle.pem";
        assertThat(Environment.of("id", "box", false, Map.of(), true))
                .containsEntry("NODE_EXTRA_CA_CERTS", authority).containsEntry("DENO_CERT", authority)
                .containsEntry("SSL_CERT_FILE", bundle).containsEntry("REQUESTS_CA_BUNDLE", bundle)
                .containsEntry("CURL_CA_BUNDLE", bundle).containsEntry("GIT_SSL_CAINFO", bundle)
                .hasEntrySatisfying("JAVA_TOOL_OPTIONS", options ->
                        assertThat(options).contains("trustStore=/etc/openshell-tls/java-truststore.jks", "https.proxyHost=10.200.0.1"));
    }

    @Test
    void withoutAnAuthorityNothingIsSaidAboutCertificates() {
        assertThat(Environment.of("id", "box", false, Map.of(), false)).doesNotContainKeys("SSL_CERT_FILE", "JAVA_TOOL_OPTIONS");
    }

    @Test
    void theUsersOwnChoiceWins() {
        assertThat(Environment.of("id", "box", false, Map.of("SSL_CERT_FILE", "/sandbox/mine.pem"), true))
                .containsEntry("SSL_CERT_FILE", "/sandbox/mine.pem");
    }
}
