package io.openshell.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonLinesTest {

    @Test
    void splitsTheHeadOfALineAndKeepsAnyOtherLineWhole() {
        assertThat(JsonLines.json("2026-11-23T23:34:09.160+0000 WARN GatewayProcess - a \"b\" - c")).isEqualTo(
                "{\"time\":\"2026-11-23T23:34:09.160+0000\",\"level\":\"WARN\",\"logger\":\"GatewayProcess\",\"message\":\"a \\\"b\\\" - c\"}");
        assertThat(JsonLines.json("\tat x.Y.z")).isEqualTo("{\"message\":\"\\tat x.Y.z\"}");
    }
}
