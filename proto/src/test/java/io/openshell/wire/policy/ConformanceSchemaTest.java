package io.openshell.wire.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.openshell.model.egress.Caller;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.egress.EgressEvaluator;
import io.openshell.model.egress.EgressRequest;
import io.openshell.model.egress.EgressVerdict;
import io.openshell.model.policy.PolicyDocument;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Cases 1 to 50 of the conformance list: what is a policy, and what is written back. */
class ConformanceSchemaTest {
    private static final String OK = "";

    /** Number, text, and a part of what is said about it; nothing when it is accepted. */
    static Stream<Arguments> documents() {
        return Stream.of(
                arguments(1, "version: 1\nnetwrk_policies: {}", "netwrk_policies"),
                arguments(2, "version: 1\nfilesystem: {read_only: [/usr]}", "parse: "),
                arguments(3, "network_policies: {}", "version"),
                arguments(4, "version: 1", OK),
                arguments(12, "version: 1\nfilesystem_policy: {read_only: [/usr/../etc/shadow]}", "read_only"),
                arguments(13, "version: 1\nfilesystem_policy: {read_only: [relative/dir]}", "read_only"),
                arguments(14, "version: 1\nfilesystem_policy: {read_write: [/]}", "read_write"),
                arguments(15, "version: 1\nfilesystem_policy: {read_only: [/]}", OK),
                arguments(16, paths(257), "256"), arguments(16, paths(256), OK),
                arguments(17, path(4097), "4096"), arguments(17, path(4096), OK),
                arguments(18, "version: 1\nprocess: {run_as_user: root}", "run_as_user"),
                arguments(18, "version: 1\nprocess: {run_as_user: '0'}", "run_as_user"),
                arguments(18, "version: 1\nprocess: {run_as_user: nobody}", "run_as_user"),
                arguments(19, "version: 1\nprocess: {run_as_user: '1000', run_as_group: sandbox}", OK),
                arguments(20, "version: 1\nprocess: {run_as_group: '1000'}", OK),
                arguments(43, "version: 1\nnetwork_middlewares: {m: {middleware: redactor}}", "endpoints"),
                arguments(44, middlewares(11), "10"), arguments(44, middlewares(10), OK));
    }

    private static String paths(int count) {
        return "version: 1\nfilesystem_policy: {read_write: [/tmp], read_only: ["
                + IntStream.range(1, count).mapToObj(i -> "/p" + i).collect(Collectors.joining(", ")) + "]}";
    }

    private static String path(int length) {
        return "version: 1\nfilesystem_policy: {read_only: [/" + "a".repeat(length - 1) + "]}";
    }

    private static String middlewares(int count) {
        return "version: 1\nnetwork_middlewares:\n" + IntStream.range(0, count)
                .mapToObj(i -> "  m" + i + ": {middleware: redactor, order: " + i + ", on_error: fail_open,"
                        + " endpoints: {include: [a.example.com]}}\n").collect(Collectors.joining());
    }

    @ParameterizedTest(name = "case{0}")
    @MethodSource("documents")
    void casesAboutDocuments(int number, String text, String problem) {
        assertProblem(text, problem);
    }

    /** Number, endpoint, and a part of what is said about it. */
    static Stream<Arguments> endpoints() {
        String rest = "{host: a.example.com, port: 443, protocol: rest";
        return Stream.of(
                arguments(5, "{host: a.example.com, port: 65536}", "parse: "),
                arguments(6, "{host: a.example.com, port: 0}", "1 to 65535"), arguments(6, "{host: a.example.com}", "1 to 65535"),
                arguments(9, "{host: a.example.com, port: 443, protcol: rest}", "protcol"),
                arguments(10, rest + ", access: full, deny_rules: [{methd: GET}]}", "methd"),
                arguments(21, "{host: '*', port: 443}", "host"), arguments(22, "{host: '*.com', port: 443}", "host"),
                arguments(23, "{host: '*.example.com', port: 443}", OK), arguments(23, "{host: '**.example.com', port: 443}", OK),
                arguments(24, "{host: '*-aiplatform.googleapis.com', port: 443}", OK),
                arguments(25, "{host: 'foo**.example.com', port: 443}", "host"),
                arguments(26, rest + "}", "rules or access"),
                arguments(27, rest + ", access: full, rules: [{allow: {method: GET, path: /x}}]}", "exclude each other"),
                arguments(28, "{host: a.example.com, port: 443, deny_rules: [{method: GET, path: /x}]}", "protocol"),
                arguments(29, rest + ", deny_rules: [{method: GET, path: /x}]}", "rules or access"),
                arguments(30, "{host: a.example.com, port: 21, protocol: ftp}", "ftp"),
                arguments(31, "{host: a.example.com, port: 5432, protocol: sql, enforcement: enforce, access: full}", "audited"),
                arguments(31, "{host: a.example.com, port: 5432, protocol: sql, enforcement: audit, access: full}", OK),
                arguments(32, "{host: 10.0.0.5, port: 5432, protocol: tcp}", "host"),
                arguments(33, "{host: db.example.com., port: 5432, protocol: tcp}", "host"),
                arguments(34, "{host: db.example.com, port: 5432, protocol: tcp, enforcement: enforce}", "enforcement"),
                arguments(35, rest + ", access: full, path: v1/*}", "path"), arguments(35, rest + ", access: full, path: /v1/*}", OK),
                arguments(35, rest + ", access: full, path: '**'}", OK),
                arguments(36, rest + ", access: full, credential_signing: sigv4}", "signing_service"),
                arguments(37, rest + ", access: full, credential_signing: v5, signing_service: s3}", "credential_signing"),
                arguments(38, "{host: a.example.com, port: 443, protocol: graphql, access: full, persisted_queries: maybe}",
                        "persisted_queries"),
                arguments(39, "{host: a.example.com, port: 443, protocol: graphql, rules: [{allow: {fields: [viewer]}}]}",
                        "operation_type"),
                arguments(40, rest + ", access: full, mcp: {}}", "mcp"),
                arguments(41, "{host: a.example.com, port: 443, protocol: mcp}", "rules"),
                arguments(41, "{host: a.example.com, port: 443, protocol: mcp, mcp: {allow_all_known_mcp_methods: true}}", OK),
                arguments(42, "{host: a.example.com, port: 443, protocol: json-rpc, access: full}", "access"),
                arguments(45, "{allowed_ips: [10.0.0.0/8], port: 5432}", OK), arguments(46, "{port: 5432}", "host"),
                arguments(99, rest + ", rules: [{allow: {method: GET, path: /d, query: {tag: {any: []}}}}]}", "tag"),
                arguments(127, "{host: a.example.com, port: 443, protocol: json-rpc, rules: [{allow: {method: 'reports.*'}}]}",
                        "method"));
    }

    @ParameterizedTest(name = "case{0}")
    @MethodSource("endpoints")
    void casesAboutEndpoints(int number, String endpoint, String problem) {
        assertProblem(CaseText.endpoint(endpoint), problem);
    }

    /** Number, two endpoints of two entries, and a part of what is said about them. */
    static Stream<Arguments> pairs() {
        String l4 = "{host: a.example.com, port: 443}";
        String enforced = "{host: a.example.com, port: 443, protocol: rest, access: full, enforcement: enforce}";
        return Stream.of(
                arguments(47, l4, "{host: a.example.com, port: 443, allowed_ips: [10.0.0.0/8]}", "allowed_ips"),
                arguments(48, l4, "{host: a.example.com, port: 8443, allowed_ips: [10.0.0.0/8], tls: skip}", OK),
                arguments(49, l4, enforced, OK),
                arguments(50, enforced, enforced.replace("enforcement: enforce", "enforcement: audit"), "enforcement"));
    }

    @ParameterizedTest(name = "case{0}")
    @MethodSource("pairs")
    void casesAboutPairsOfEndpoints(int number, String one, String two, String problem) {
        assertProblem(CaseText.entry("a", one, "/bin/a", true) + CaseText.entry("b", two, "/bin/b", false), problem);
    }

    private static void assertProblem(String text, String problem) {
        List<String> problems = CaseText.problems(text);
        if (problem.isEmpty()) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems).isNotEmpty().anySatisfy(found -> assertThat(found).contains(problem));
        }
    }

    @Test
    void case004NothingIsReachedWithoutNetworkPolicies() {
        var nothing = CompiledPolicy.compile(CaseText.parsed("version: 1"));
        assertThat(EgressEvaluator.evaluate(nothing, new EgressRequest("a.example.com", 443,
                new Caller("/usr/bin/curl", List.of(), List.of())))).isInstanceOf(EgressVerdict.Denied.class);
    }

    @Test
    void case007SeveralPortsAreKept() {
        PolicyDocument document = CaseText.parsed(CaseText.endpoint("{host: a.example.com, ports: [80, 443]}"));
        String written = PolicyYaml.write(document);
        assertThat(written).contains("ports:").doesNotContain("port: ");
        assertThat(CaseText.parsed(written)).isEqualTo(document);
    }

    @Test
    void case008OnePortIsWrittenAsOne() {
        PolicyDocument document = CaseText.parsed(CaseText.endpoint("{host: a.example.com, ports: [443]}"));
        assertThat(PolicyYaml.write(document)).contains("port: 443").doesNotContain("ports:");
    }

    @Test
    void case011AnOldKeyOfBinariesIsTakenButNotWritten() {
        PolicyDocument document = CaseText.parsed(
                "version: 1\nnetwork_policies: {k: {binaries: [{path: /usr/bin/curl, harness: true}]}}");
        assertThat(PolicyYaml.write(document)).contains("/usr/bin/curl").doesNotContain("harness");
    }

    @Test
    void case019And020IdentitiesAreKeptAsFarAsTheyAreGiven() {
        assertThat(PolicyYaml.write(CaseText.parsed("version: 1\nprocess: {run_as_user: '1000', run_as_group: sandbox}")))
                .contains("run_as_user: \"1000\"", "run_as_group: sandbox");
        assertThat(PolicyYaml.write(CaseText.parsed("version: 1\nprocess: {run_as_group: '1000'}")))
                .contains("run_as_group").doesNotContain("run_as_user");
    }
}
