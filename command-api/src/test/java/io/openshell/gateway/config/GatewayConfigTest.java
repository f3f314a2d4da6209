package io.openshell.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.gateway.tls.LocalCertificates;
import io.openshell.gateway.tls.LocalRegistration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayConfigTest {

    @Test
    void prefersArgumentsToVariablesAndRefusesWhatItDoesNotKnow() {
        Map<String, String> environment = Map.of("HOME", "/h", "OPENSHELL_GATEWAY_PORT", "1800", "XDG_STATE_HOME", "/st");
        GatewayConfig config = GatewayConfig.from(List.of("--kafka", "a:1,b:2"), environment, "ada");
        assertThat(config.port()).isEqualTo(1800);
        assertThat(config.kafka()).containsExactly("a:1", "b:2");
        assertThat(config.folders().socket()).isEqualTo(Path.of("/st/openshell/gateway.sock"));
        assertThat(config.folders().config()).isEqualTo(Path.of("/h/.config/openshell"));
        assertThat(GatewayConfig.from(List.of("--port", "1900"), environment, "ada").port()).isEqualTo(1900);
        assertThatThrownBy(() -> GatewayConfig.from(List.of("--port", "0"), environment, "ada"))
                .isInstanceOf(GatewayConfig.InvalidConfig.class);
        assertThatThrownBy(() -> GatewayConfig.from(List.of("--what"), environment, "ada"))
                .isInstanceOf(GatewayConfig.InvalidConfig.class);
    }

    @Test
    void registersTheGatewayAndKeepsAnActiveOne(@TempDir Path folder) throws Exception {
        LocalCertificates certificates = LocalCertificates.in(folder.resolve("tls"), Instant.now());
        Path clients = folder.resolve("clients");
        LocalRegistration.write(clients, certificates, 17_670);
        assertThat(clients.resolve("active_gateway")).hasContent("openshell");
        assertThat(clients.resolve("gateways/openshell/metadata.json")).content().contains("https://127.0.0.1:17670", "mtls");
        assertThat(clients.resolve("gateways/openshell/mtls/tls.key"))
                .hasSameTextualContentAs(certificates.clientKey());
        Files.writeString(clients.resolve("active_gateway"), "other");
        LocalRegistration.write(clients, certificates, 17_670);
        assertThat(clients.resolve("active_gateway")).hasContent("other");
    }
}
