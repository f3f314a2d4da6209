package io.openshell.wire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.egress.Caller;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.egress.EgressEvaluator;
import io.openshell.model.egress.EgressRequest;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyValidator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Policies with random damage: each is refused with words, or read, judged, and written so that it reads the same. */
@Timeout(120)
class PolicyYamlFuzzTest {
    private static final int ROUNDS = 6_000;
    private static final String SEED = """
            version: 1
            filesystem_policy:
              include_workdir: true
              read_only: [/usr, /lib]
              read_write: [/tmp]
            landlock: {compatibility: best_effort}
            process: {run_as_user: "1000"}
            network_policies:
              api:
                name: "the api"
                endpoints:
                  - host: "*.example.com"
                    ports: [80, 443]
                    protocol: rest
                    enforcement: enforce
                    rules:
                      - allow: {method: GET, path: "/a/**", query: {tag: {any: ["x*", y]}}}
                    deny_rules: [{method: GET, path: /secret}]
                  - {host: mcp.example.com, port: 8080, protocol: mcp, mcp: {strict_tool_names: true},
                     rules: [{allow: {method: tools/call, tool: "a_*"}}]}
                  - {allowed_ips: [10.0.0.0/8], port: 5432}
                binaries: [{path: /usr/bin/curl}, {path: "/opt/**"}]
            network_middlewares:
              m: {middleware: redact, order: 2, config: {a: [1, true, null, x]}, endpoints: {include: [a.example.com]}}
            """;
    private static final List<String> PIECES = List.of("{", "}", "[", "]", ":", ": ", "- ", "\n", "  ", "\"", "'", "&a ", "*a ", "<<: ",
            "!!int ", "!!java.net.URL ", "|\n", ">\n", "? ", "# ", "%YAML 9.9\n", "---\n", "...\n", "null", "~", "-1", "4294967296", "1e9",
            "0x10", "0o7", "1_000", "true", ".nan", "2026-11-24", "\t", "\0", "\uFEFF", "\uD800", "\u2028", "version: 1\n", "host: ", "**");

    @Test
    void damagedPoliciesAreRefusedWithWordsOrReadTheSameTwice() {
        Random random = new Random(20_261_124);
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String text = damaged(random);
            PolicyDocument document;
            try {
                document = PolicyYaml.parse(text);
            } catch (PolicyParseException refused) {
                assertThat(refused.getMessage()).isNotBlank();
                continue;
            }
            read++;
            judged(document);
            assertThat(CaseText.parsed(PolicyYaml.write(document))).as(text).isEqualTo(document);
        }
        assertThat(read).as("not everything is refused").isGreaterThan(ROUNDS / 50);
    }

    /** Neither the checks nor the engine may stumble over what the parser lets through. */
    private static void judged(PolicyDocument document) {
        PolicyValidator.all(document);
        EgressEvaluator.evaluate(CompiledPolicy.compile(document),
                new EgressRequest("a.example.com", 443, new Caller("/usr/bin/curl", List.of(), List.of())));
    }

    private static String damaged(Random random) {
        StringBuilder text = new StringBuilder(SEED);
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            int at = random.nextInt(text.length());
            int length = Math.min(random.nextInt(12), text.length() - at);
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, at + length);
                case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> text.replace(at, at + length, PIECES.get(random.nextInt(PIECES.size())));
                default -> text.insert(random.nextInt(text.length()), text.substring(at, at + length));
            }
        }
        return text.toString();
    }

    @Test
    void textsThatGrowWhenReadAreRefusedInTime() {
        StringBuilder bomb = new StringBuilder("version: 1\nnetwork_policies:\n  a: &a0 {name: x}\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("  a").append(i).append(": &a").append(i).append(" [*a").append(i - 1).append(", *a").append(i - 1).append("]\n");
        }
        assertThat(CaseText.problems(bomb.toString())).isNotEmpty();
        assertThat(CaseText.problems("version: 1\nnetwork_policies: " + "{a: ".repeat(20_000))).isNotEmpty();
        assertThat(CaseText.problems("version: 1\nnetwork_policies: " + "[".repeat(20_000))).isNotEmpty();
        assertThat(CaseText.problems("version: " + "1".repeat(1 << 20))).isNotEmpty();
    }
}
