package io.openshell.wire.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.ProcessPolicy;
import io.openshell.model.policy.QueryMatcher;
import io.openshell.model.policy.RequestMatch;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyYamlTest {
    @Test
    void versionAloneIsADocument() throws PolicyParseException {
        assertThat(PolicyYaml.parse("version: 1")).isEqualTo(PolicyDocument.empty());
    }

    @Test
    void anUnknownKeyIsNamedWithItsPlaceAndTheLikelyMeaning() {
        PolicyParseException failure = refused("version: 1\nnetwrk_policies: {}\n");
        assertThat(failure.problem()).contains("'netwrk_policies'", "did you mean 'network_policies'?");
        assertThat(failure.line()).isEqualTo(2);
        assertThat(failure.column()).isEqualTo(1);
        assertThat(failure.path()).isEqualTo("netwrk_policies");
    }

    @Test
    void aShortenedSectionNameIsExplained() {
        assertThat(refused("version: 1\nfilesystem: {read_only: [/usr]}").problem())
                .contains("'filesystem'", "did you mean 'filesystem_policy'?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{protcol: rest}|network_policies.k.endpoints[0].protcol",
        "{deny_rules: [{methd: GET}]}|network_policies.k.endpoints[0].deny_rules[0].methd",
        "{rules: [{alow: {}}]}|network_policies.k.endpoints[0].rules[0].alow",
        "{rules: [{allow: {verb: x}}]}|network_policies.k.endpoints[0].rules[0].allow.verb",
        "{rules: [{allow: {query: {q: {glob: x}}}}]}|network_policies.k.endpoints[0].rules[0].allow.query.q.glob",
        "{mcp: {strict: true}}|network_policies.k.endpoints[0].mcp.strict",
        "{json_rpc: {size: 1}}|network_policies.k.endpoints[0].json_rpc.size",
        "{advisor_proposed: true}|network_policies.k.endpoints[0].advisor_proposed",
        "{provider_credentialed: true}|network_policies.k.endpoints[0].provider_credentialed",
        "{credential_binding: {name: x}}|network_policies.k.endpoints[0].credential_binding.name"})
    void unknownKeysAreRefusedAtEveryLevelOfAnEndpoint(String endpoint, String path) {
        PolicyParseException failure = refused(endpointText(endpoint));
        assertThat(failure.path()).isEqualTo(path);
        assertThat(failure.problem()).startsWith("unknown key");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "version: 1\nlandlock: {mode: x}", "version: 1\nprocess: {user: x}", "version: 1\nfilesystem_policy: {ro: []}",
        "version: 1\nnetwork_policies: {k: {hosts: []}}", "version: 1\nnetwork_policies: {k: {binaries: [{name: x}]}}",
        "version: 1\nnetwork_middlewares: {m: {impl: x}}", "version: 1\nnetwork_middlewares: {m: {endpoints: {only: []}}}"})
    void unknownKeysAreRefusedInEverySection(String text) {
        assertThat(refused(text).problem()).startsWith("unknown key");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "# nothing", "[]", "text", "filesystem_policy: {}", "version: x", "version: '1'", "version: -1", "version: 1.5",
        "version: 1\nversion: 1", "version: 1\n---\nversion: 1", "version: 1\nnetwork_policies: []", "version: [1",
        "version: 1\nprocess: {run_as_user: [a]}", "version: 1\n<<: {process: {}}", "version: !!java.lang.String 1",
        "version: 1\nlandlock: !custom {}", "version: 1\nfilesystem_policy: {include_workdir: yes}",
        "version: 1\nfilesystem_policy: {read_only: /usr}", "version: 1\nfilesystem_policy: {read_only: [null]}",
        "version: 1\n? [a]\n: b", "version: 1\nnetwork_policies: {k: {}, k: {}}"})
    void otherTextsAreNotDocuments(String text) {
        assertThat(refused(text).getMessage()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{port: 65536}", "{port: -1}", "{ports: [1, 65536]}", "{ports: 80}", "{port: '80'}", "{port: 0x50}", "{graphql_max_body_bytes: 4294967296}",
        "{rules: [{}]}", "{rules: [{allow: {query: {q: {any: []}}}}]}", "{rules: [{allow: {query: {q: {any: [a], x: b}}}}]}",
        "{rules: [{allow: {fields: []}}]}", "{rules: [{allow: {tool: a, params: {name: b}}}]}",
        "{rules: [{allow: {params: {a: {b: x}, a.b: y}}}]}", "{credential_binding: {}}"})
    void valuesOutsideTheSchemaAreRefused(String endpoint) {
        assertThat(refused(endpointText(endpoint)).path()).startsWith("network_policies.k.endpoints[0]");
    }

    @Test
    void severalPortsStayAListAndOnePortIsWrittenAsOne() throws PolicyParseException {
        PolicyDocument several = PolicyYaml.parse(endpointText("{host: a.example.com, ports: [80, 443]}"));
        assertThat(endpoint(several).ports()).containsExactly(80, 443);
        assertThat(PolicyYaml.parse(PolicyYaml.write(several))).isEqualTo(several);
        String one = PolicyYaml.write(PolicyYaml.parse(endpointText("{host: a.example.com, ports: [443]}")));
        assertThat(one).contains("port: 443").doesNotContain("ports");
    }

    @Test
    void theListOfPortsWinsOverTheSinglePort() throws PolicyParseException {
        assertThat(endpoint(PolicyYaml.parse(endpointText("{port: 22, ports: [443]}"))).ports()).containsExactly(443);
    }

    @Test
    void theOldHarnessMarkIsAcceptedAndForgotten() throws PolicyParseException {
        PolicyDocument document = PolicyYaml.parse(
                "version: 1\nnetwork_policies: {k: {binaries: [{path: /usr/bin/curl, harness: true}]}}");
        assertThat(PolicyYaml.write(document)).contains("/usr/bin/curl").doesNotContain("harness");
    }

    @Test
    void identitiesMayBeWrittenAsNumbersAndOneMayBeLeftOut() throws PolicyParseException {
        assertThat(PolicyYaml.parse("version: 1\nprocess: {run_as_user: 1000, run_as_group: sandbox}").process())
                .contains(new ProcessPolicy("1000", "sandbox"));
        PolicyDocument group = PolicyYaml.parse("version: 1\nprocess: {run_as_group: 1000}");
        assertThat(group.process()).contains(new ProcessPolicy("", "1000"));
        assertThat(PolicyYaml.write(group)).doesNotContain("run_as_user");
        assertThat(PolicyYaml.write(PolicyYaml.parse("version: 1\nprocess: {}"))).doesNotContain("process");
    }

    @Test
    void toolAndNestedParametersAreOtherSpellings() throws PolicyParseException {
        NetworkEndpoint endpoint = endpoint(PolicyYaml.parse(endpointText(
                "{protocol: mcp, rules: [{allow: {method: tools/call, tool: search, params: {a: {b: x}, c: {any: [y, z]}}}}]}")));
        RequestMatch match = endpoint.rules().getFirst().allow().orElseThrow();
        assertThat(match.params()).containsOnly(
                java.util.Map.entry("name", QueryMatcher.of("search")), java.util.Map.entry("a.b", QueryMatcher.of("x")),
                java.util.Map.entry("c", new QueryMatcher("", List.of("y", "z"))));
        PolicyDocument document = PolicyYaml.parse(endpointText(
                "{protocol: mcp, rules: [{allow: {method: tools/call, params: {name: search}}}]}"));
        assertThat(PolicyYaml.write(document)).contains("tool: search").doesNotContain("params");
    }

    @Test
    void theMcpSectionWinsOverTheJsonRpcSection() throws PolicyParseException {
        NetworkEndpoint endpoint = endpoint(PolicyYaml.parse(
                endpointText("{json_rpc: {max_body_bytes: 1}, mcp: {max_body_bytes: 2, strict_tool_names: false}}")));
        assertThat(endpoint.jsonRpcMaxBodyBytes()).isEqualTo(2);
        assertThat(endpoint.mcp().orElseThrow().strictToolNames()).isEqualTo(Optional.of(false));
    }

    @Test
    void truthWordsOfOldYamlAreTexts() throws PolicyParseException {
        assertThat(PolicyYaml.parse("version: 1\nnetwork_policies: {no: {name: on}}").networkPolicies().get("no").name()).isEqualTo("on");
    }

    @Test
    void smallAnchorsWorkAndLargeExpansionsAreRefused() throws PolicyParseException {
        assertThat(PolicyYaml.parse("version: 1\nnetwork_policies: {a: {binaries: &b [{path: /x}]}, c: {binaries: *b}}")
                .networkPolicies().get("c").binaries()).hasSize(1);
        StringBuilder bomb = new StringBuilder("version: 1\nnetwork_middlewares: {m: {config: {a0: &a0 [x, x]");
        for (int i = 1; i < 30; i++) {
            bomb.append(", a").append(i).append(": &a").append(i).append(" [*a").append(i - 1).append(", *a").append(i - 1).append("]");
        }
        assertThat(refused(bomb + "}}}").getMessage()).isNotBlank();
        assertThat(refused("version: 1\nnetwork_middlewares: {m: {config: &c {a: *c}}}").getMessage()).isNotBlank();
    }

    @Test
    void depthAndLengthAreBounded() {
        String deep = "version: 1\nnetwork_middlewares: {m: {config: {a: " + "[".repeat(1000) + "]".repeat(1000) + "}}}";
        assertThat(refused(deep).getMessage()).isNotBlank();
        assertThat(refused("version: 1 #" + "x".repeat(PolicyYaml.MAX_CHARACTERS)).problem()).contains("longer than");
    }

    @Test
    void builtInPoliciesSurviveTheirText() throws PolicyParseException {
        for (PolicyDocument document : List.of(BuiltInPolicies.restrictive(), BuiltInPolicies.community())) {
            assertThat(PolicyYaml.parse(PolicyYaml.write(document))).isEqualTo(document);
        }
    }

    @Test
    void arbitraryTextsNeverFailInAnyOtherWay() {
        Random random = new Random(3);
        String alphabet = "version: 1\n-[]{}&*!|>'\"%@`#?,\t \\ab:~<";
        for (int i = 0; i < 3_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "version: 1\n" : "");
            for (int j = random.nextInt(40); j > 0; j--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                PolicyYaml.parse(text.toString());
            } catch (PolicyParseException refused) {
                assertThat(refused.problem()).isNotBlank();
            }
        }
    }

    private static PolicyParseException refused(String text) {
        PolicyParseException failure = catchThrowableOfType(PolicyParseException.class, () -> PolicyYaml.parse(text));
        assertThat(failure).as(text.substring(0, Math.min(100, text.length()))).isNotNull();
        return failure;
    }

    private static String endpointText(String endpoint) {
        return "version: 1\nnetwork_policies:\n  k:\n    endpoints:\n    - " + endpoint + "\n";
    }

    private static NetworkEndpoint endpoint(PolicyDocument document) {
        return document.networkPolicies().get("k").endpoints().getFirst();
    }
}
