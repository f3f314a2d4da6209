package io.openshell.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperationTest {

    private static Operation of(Map<String, String> more, String... arguments) {
        Map<String, String> environment = new java.util.HashMap<>(more);
        environment.put("HOME", "/h");
        return GatewayConfig.from(List.of(arguments), environment, "ada").operation();
    }

    @Test
    void theNodeIsLocalBesideAnOwnLogAndNamedAfterTheHostOnASharedOne() {
        assertThat(of(Map.of()).node(false, () -> "box.example")).contains("local");
        assertThat(of(Map.of()).node(true, () -> "box.example")).contains("box.example");
        assertThat(of(Map.of()).node(true, () -> "-böx 1")).contains("b-x-1");
        assertThat(of(Map.of("OPENSHELL_NODE_ID", "n1")).node(false, () -> "box")).contains("n1");
        assertThat(of(Map.of("OPENSHELL_NODE_ID", "n1"), "--node-id", "n2").node(true, () -> "box")).contains("n2");
        assertThat(of(Map.of("OPENSHELL_NODE_ID", "n1"), "--no-node").node(true, () -> "box")).isEmpty();
    }

    @Test
    void readsEveryOptionAndHasTheUsualValues() {
        assertThat(of(Map.of())).isEqualTo(Operation.USUAL);
        assertThat(Operation.USUAL.commandsPerSecond()).isEqualTo(5_000);
        Operation all = of(Map.of(), "--kafka-config", "/c", "--json-logs", "--commands-per-second", "7", "--no-node");
        assertThat(all.files().kafkaConfig()).contains(Path.of("/c"));
        assertThat(all.jsonLogs()).isTrue();
        assertThat(all.commandsPerSecond()).isEqualTo(7);
        assertThatThrownBy(() -> of(Map.of(), "--node-id", "a b")).isInstanceOf(GatewayConfig.InvalidConfig.class);
        assertThatThrownBy(() -> of(Map.of(), "--commands-per-second", "many")).isInstanceOf(GatewayConfig.InvalidConfig.class);
        assertThatThrownBy(() -> of(Map.of(), "--commands-per-second", "-1")).isInstanceOf(GatewayConfig.InvalidConfig.class);
    }
}
