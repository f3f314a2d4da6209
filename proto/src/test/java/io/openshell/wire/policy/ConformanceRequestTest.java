package io.openshell.wire.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.openshell.model.egress.Caller;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.egress.EgressRequest;
import io.openshell.model.egress.HttpRequest;
import io.openshell.model.egress.RequestScope;
import io.openshell.model.egress.RequestVerdict;
import io.openshell.model.http.BadPathException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Cases 81 to 107 and 117 to 132 of the conformance list, from the text of the policy to the verdict about a request. */
class ConformanceRequestTest {
    private static final Caller CURL = new Caller("/usr/bin/curl", List.of(), List.of());
    private static final String HEAD = "{host: api.example.com, port: 8080, enforcement: enforce, protocol: ";
    private static final String REPOS = HEAD + "rest, rules: [{allow: {method: GET, path: '/repos/**'}},"
            + " {allow: {method: POST, path: '/repos/*/issues'}}]}";
    private static final String AUDIT = REPOS.replace("enforcement: enforce, ", "");
    private static final String FULL = HEAD + "rest, access: full}";

    private static String full(String deny) {
        return HEAD + "rest, access: full, deny_rules: [" + deny + "]}";
    }

    private static String rules(String protocol, String rules) {
        return HEAD + protocol + ", rules: [" + rules + "]}";
    }

    static Stream<Arguments> rest() {
        String only = HEAD + "rest, access: read-only}";
        String write = HEAD + "rest, access: read-write}";
        String tag = rules("rest", "{allow: {method: GET, path: /d, query: {tag: 'foo-*'}}}");
        String any = rules("rest", "{allow: {method: GET, path: /d, query: {tag: {any: ['foo-*', 'bar-*']}}}}");
        String raw = full("{method: GET, path: /d, query: {mode: raw}}");
        String git = rules("rest", "{allow: {method: GET, path: '/**/info/refs*'}}, {allow: {method: POST, path: '/**/git-upload-pack'}}");
        String open = rules("rest", "{allow: {method: GET, path: '/public/**'}}");
        return Stream.of(
                arguments(81, REPOS, "GET /repos/org/x", true), arguments(82, REPOS, "get /repos/org/x", true),
                arguments(83, REPOS, "DELETE /repos/org/x", false),
                arguments(84, REPOS, "POST /repos/x/issues", true), arguments(84, REPOS, "POST /repos/a/b/issues", false),
                arguments(85, REPOS, "GET /repos", false), arguments(86, REPOS, "HEAD /repos/a", true),
                arguments(87, REPOS, "OPTIONS /repos/a", false), arguments(89, AUDIT, "DELETE /repos/a", true),
                arguments(90, only, "GET /x", true), arguments(90, only, "HEAD /x", true), arguments(90, only, "OPTIONS /x", true),
                arguments(90, only, "POST /x", false), arguments(90, only, "DELETE /x", false),
                arguments(91, write, "POST /x", true), arguments(91, write, "PUT /x", true), arguments(91, write, "PATCH /x", true),
                arguments(91, write, "DELETE /x", false), arguments(92, FULL, "DELETE /x", true),
                arguments(93, full("{method: POST, path: '/admin/**'}"), "POST /admin/x", false),
                arguments(93, full("{method: POST, path: '/admin/**'}"), "GET /admin/x", true),
                arguments(94, full("{method: GET, path: /secret}"), "HEAD /secret", false),
                arguments(95, tag, "GET /d?tag=foo-1", true), arguments(95, tag, "GET /d?tag=bar", false),
                arguments(95, tag, "GET /d", false), arguments(96, tag, "GET /d?tag=foo-1&other=x", true),
                arguments(97, tag, "GET /d?tag=foo-a&tag=evil", false),
                arguments(98, any, "GET /d?tag=bar-2", true), arguments(98, any, "GET /d?tag=baz", false),
                arguments(100, raw, "GET /d?mode=raw", false), arguments(100, raw, "GET /d?mode=x", true),
                arguments(100, raw, "GET /d", true), arguments(101, full("{method: '*', path: '/repos/*/rulesets'}"),
                        "PUT /repos/a/rulesets", false),
                arguments(102, git, "GET /o/r.git/info/refs?service=git-upload-pack", true),
                arguments(102, git, "POST /o/r.git/git-upload-pack", true), arguments(102, git, "POST /o/r.git/git-receive-pack", false),
                arguments(103, open, "GET /public/x", true), arguments(103, open, "GET /public/../secret", false),
                arguments(104, open, "GET /public/%2e%2e/secret", false), arguments(105, FULL, "GET /a%00b", false),
                arguments(106, FULL, "GET /a%2Fb", false), arguments(107, FULL, "GET /..", false));
    }

    @ParameterizedTest(name = "case{0} {2}")
    @MethodSource("rest")
    void casesOfRestRules(int number, String endpoint, String request, boolean passes) {
        assertThat(passes(CaseText.endpoint(endpoint), request, Optional.empty())).isEqualTo(passes);
    }

    static Stream<Arguments> bodies() {
        String viewer = rules("graphql", "{allow: {operation_type: query, fields: [viewer]}}");
        String audit = viewer.replace("enforcement: enforce, ", "");
        String repository = HEAD + "graphql, rules: [{allow: {operation_type: mutation, fields: ['*']}}],"
                + " deny_rules: [{operation_type: mutation, fields: [deleteRepository]}]}";
        String only = HEAD + "graphql, access: read-only}";
        String reports = rules("json-rpc", "{allow: {method: reports.list}}");
        String search = rules("mcp", "{allow: {method: tools/call, tool: search_web}}");
        String tools = rules("mcp", "{allow: {method: 'tools/*'}}");
        return Stream.of(
                arguments(118, viewer, graphql("{viewer{login}}"), true), arguments(118, viewer, graphql("{repository{name}}"), false),
                arguments(119, viewer, graphql("{x: repository{name}}"), false),
                arguments(120, repository, graphql("mutation {addStar}"), true),
                arguments(120, repository, graphql("mutation {deleteRepository}"), false),
                arguments(121, audit, graphql("{repository}"), true), arguments(121, audit, graphql("{"), false),
                arguments(122, viewer, "{\"extensions\":{\"persistedQuery\":{\"sha256Hash\":\"ab\"}}}", false),
                arguments(123, only, graphql("{a}"), true), arguments(123, only, graphql("mutation {a}"), false),
                arguments(124, reports, call("reports.list", ""), true), arguments(124, reports, call("reports.delete", ""), false),
                arguments(126, rules("json-rpc", "{allow: {method: '*'}}"), call("any.thing", "{\"a\":[1]}"), true),
                arguments(128, search, call("tools/call", "{\"name\":\"search_web\"}"), true),
                arguments(128, search, call("tools/call", "{\"name\":\"delete_all\"}"), false),
                arguments(129, tools, call("tools/list", ""), true), arguments(129, tools, call("resources/list", ""), false));
    }

    private static String graphql(String document) {
        return "{\"query\":\"" + document + "\"}";
    }

    private static String call(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"" + (params.isEmpty() ? "" : ",\"params\":" + params) + "}";
    }

    @ParameterizedTest(name = "case{0}")
    @MethodSource("bodies")
    void casesDecidedByBodies(int number, String endpoint, String body, boolean passes) {
        assertThat(CaseText.problems(CaseText.endpoint(endpoint))).isEmpty();
        assertThat(passes(CaseText.endpoint(endpoint), "POST /", Optional.of(body))).isEqualTo(passes);
    }

    static Stream<Arguments> several() {
        String scoped = CaseText.entry("g", HEAD.replace("{", "{path: /graphql, ") + "graphql, access: full}", CURL.executable(), true)
                + CaseText.entry("r", FULL, CURL.executable(), false);
        String websocket = CaseText.endpoint(HEAD + "websocket, access: read-only}");
        String texts = CaseText.endpoint(HEAD + "websocket, access: read-write}");
        String reports = CaseText.endpoint(rules("json-rpc", "{allow: {method: reports.list}}"));
        return Stream.of(
                arguments(117, scoped, "POST /graphql", graphql("{a}"), true), arguments(117, scoped, "POST /graphql", "{}", false),
                arguments(117, scoped, "GET /x", "", true), arguments(125, reports, "GET /", "", false),
                arguments(130, websocket, "UPGRADE /chat", "", true), arguments(130, websocket, "MESSAGE /chat", "", false),
                arguments(131, texts, "MESSAGE /chat", "", true), arguments(132, texts, "GET /chat", "", false));
    }

    @ParameterizedTest(name = "case{0} {2}")
    @MethodSource("several")
    void casesOfOtherProtocols(int number, String policy, String request, String body, boolean passes) {
        assertThat(CaseText.problems(policy)).isEmpty();
        assertThat(passes(policy, request, Optional.of(body).filter(text -> !text.isEmpty()))).isEqualTo(passes);
    }

    private static boolean passes(String policy, String request, Optional<String> body) {
        var scope = RequestScope.of(CompiledPolicy.compile(CaseText.parsed(policy)),
                new EgressRequest("api.example.com", 8080, CURL));
        String[] words = request.split(" ");
        int question = words[1].indexOf('?');
        try {
            HttpRequest plain = HttpRequest.of(words[0], question < 0 ? words[1] : words[1].substring(0, question),
                    question < 0 ? "" : words[1].substring(question));
            HttpRequest upgrade = new HttpRequest("GET", plain.path(), plain.query(), HttpRequest.Kind.UPGRADE);
            HttpRequest asked = switch (words[0]) {
                case "UPGRADE" -> upgrade;
                case "MESSAGE" -> upgrade.message();
                default -> plain;
            };
            return !(scope.judge(asked, body.map(text -> text.getBytes(StandardCharsets.UTF_8))) instanceof RequestVerdict.Denied);
        } catch (BadPathException unreadable) {
            return false;
        }
    }
}
