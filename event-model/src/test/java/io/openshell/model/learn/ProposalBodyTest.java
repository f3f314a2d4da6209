package io.openshell.model.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.learn.ProposalBody.Read;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Case 200, and what else cannot be asked for from inside. */
class ProposalBodyTest {
    private static final String RULE = """
            {"intent_summary": "read the docs", "operations": [{"addRule": {"ruleName": "docs", "rule": {
              "endpoints": [{"host": "docs.example.com", "port": 443, "protocol": "rest", "rules": [{"allow": {"method": "GET", "path": "/**"}}]}],
              "binaries": [{"path": "/usr/bin/curl"}]}}}]}
            """;

    private static Read read(String text) {
        return ProposalBody.read(text.getBytes(StandardCharsets.UTF_8), Optional.of("/usr/bin/wget"));
    }

    private static ProposalBody.Named only(String text) {
        assertThat(read(text)).isInstanceOf(Read.Asked.class);
        return ((Read.Asked) read(text)).rules().getFirst();
    }

    @Test
    void aRuleIsReadAndEnforcesWhereItSaysNothingAboutThat() {
        NetworkEndpoint endpoint = only(RULE).rule().endpoints().getFirst();
        assertThat(only(RULE).name()).isEqualTo("docs");
        assertThat(endpoint.host()).isEqualTo("docs.example.com");
        assertThat(endpoint.ports()).containsExactly(443);
        assertThat(endpoint.enforcement()).isEqualTo("enforce");
        assertThat(endpoint.provenance().advisorProposed()).isTrue();
        assertThat(only(RULE).rule().binaries()).containsExactly(new NetworkBinary("/usr/bin/curl"));
        assertThat(((Read.Asked) read(RULE)).intent()).isEqualTo("read the docs");
    }

    @Test
    void aRuleThatNamesNoProgramIsForTheOneThatAsks() {
        assertThat(only(RULE.replace("[{\"path\": \"/usr/bin/curl\"}]", "[]")).rule().binaries())
                .isEqualTo(List.of(new NetworkBinary("/usr/bin/wget")));
        assertThat(ProposalBody.read(RULE.replace("[{\"path\": \"/usr/bin/curl\"}]", "[]").getBytes(StandardCharsets.UTF_8),
                Optional.empty())).isInstanceOf(Read.Invalid.class);
    }

    @ParameterizedTest(name = "case 200: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"operations\": [{|\"operations_\": [{| unknown member",
        "[{\"addRule\"|[], \"operationz\": [{\"addRule\"| no operations",
        "addRule|removeRule| another operation than addRule",
        "\"docs.example.com\"|\"\"| no host",
        "\"port\": 443, ||no port",
        "\"port\": 443|\"port\": 70000| no such port",
        "\"port\": 443|\"port\": \"443\"| a port that is no number",
        "\"path\": \"/**\"|\"path\": \"/a?b=c\"| a query in a path",
        "\"ruleName\": \"docs\", ||no name",
        "\"docs\"|\"_provider_docs\"| a reserved name",
        "\"method\": \"GET\"|\"method\": \"GET\", \"query\": {}| a query matcher",
        "\"protocol\": \"rest\"|\"protocol\": \"rest\", \"path\": \"/api\"| a path scope",
        "\"protocol\": \"rest\"|\"protocol\": \"rest\", \"credential_binding\": {}| a credential",
        "\"protocol\": \"rest\"|\"protocol\": \"ftp\"| no protocol",
        "\"/usr/bin/curl\"|\"curl\"| a program without a path",
    })
    void whatIsIncompleteOrCannotBeCarriedIsRefused(String part, String replaced, String why) {
        assertThat(RULE).contains(part);
        assertThat(read(RULE.replace(part, replaced == null ? "" : replaced))).as(why).isInstanceOf(Read.Invalid.class);
    }

    @Test
    void whatIsNoJsonObjectIsRefused() {
        for (String bad : List.of("", "[]", "null", "{", "{\"operations\": {}}", "{\"operations\": []}")) {
            assertThat(read(bad)).as(bad).isInstanceOf(Read.Invalid.class);
        }
        assertThat(ProposalBody.read(new byte[] {(byte) 0xff}, Optional.empty())).isInstanceOf(Read.Invalid.class);
    }
}
