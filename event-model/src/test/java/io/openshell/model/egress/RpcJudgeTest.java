package io.openshell.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.McpOptions;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkEndpointBuilder;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.QueryMatcher;
import io.openshell.model.policy.RequestMatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RpcJudgeTest {
    private static final Caller CURL = new Caller("/usr/bin/curl", List.of(), List.of());
    private static final NetworkEndpoint REPORTS = endpoint("json-rpc").rules(List.of(rule("reports.list", ""))).build();
    private static final NetworkEndpoint SEARCH =
            endpoint("mcp").rules(List.of(rule("tools/call", "search_web"), rule("initialize", ""))).build();

    @Test
    void case124OnlyTheNamedMethodMayBeCalled() {
        assertThat(post(REPORTS, call("reports.list"))).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(post(REPORTS, call("reports.delete"))).isInstanceOfSatisfying(RequestVerdict.Denied.class,
                denied -> assertThat(denied.code()).isEqualTo(ReasonCode.REQUEST_NOT_ALLOWED));
    }

    @Test
    void case125OtherRequestsThanPostAreRefusedEvenInAudit() {
        NetworkEndpoint audit = REPORTS.toBuilder().enforcement("audit").build();
        assertThat(post(audit, call("reports.delete"))).isInstanceOf(RequestVerdict.Audited.class);
        assertThat(judge(audit, new HttpRequest("GET", "/", "", HttpRequest.Kind.PLAIN), Optional.empty()))
                .isInstanceOf(RequestVerdict.Denied.class);
    }

    @Test
    void case126AStarAllowsEveryMethodWithAnyParameters() {
        NetworkEndpoint any = endpoint("json-rpc").rules(List.of(rule("*", ""))).build();
        assertThat(post(any, "{\"jsonrpc\":\"2.0\",\"method\":\"a.b/c\",\"params\":{\"x\":[1,null,\"\\u0041\"]},\"id\":1}"))
                .isInstanceOf(RequestVerdict.Allowed.class);
    }

    @Test
    void case128OnlyTheNamedToolMayBeCalled() {
        assertThat(post(SEARCH, tool("search_web"))).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(post(SEARCH, call("initialize"))).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(post(SEARCH, tool("delete_all"))).isInstanceOfSatisfying(RequestVerdict.Denied.class,
                denied -> assertThat(denied.reason()).contains("tools/call delete_all"));
    }

    @Test
    void case129MethodsOfMcpArePatterns() {
        NetworkEndpoint tools = endpoint("mcp").rules(List.of(rule("tools/*", ""))).build();
        assertThat(post(tools, call("tools/list"))).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(post(tools, call("resources/list"))).isInstanceOf(RequestVerdict.Denied.class);
    }

    @Test
    void oneRefusedCallRefusesItsBatch() {
        assertThat(post(REPORTS, "[" + call("reports.list") + "," + call("reports.list") + "]"))
                .isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(post(REPORTS, "[" + call("reports.list") + "," + call("reports.delete") + "]"))
                .isInstanceOf(RequestVerdict.Denied.class);
    }

    @Test
    void aDenyRuleForOneToolBeatsEveryAllowRule() {
        NetworkEndpoint endpoint = endpoint("mcp").rules(List.of(rule("*", "")))
                .denyRules(List.of(match("tools/call", "delete_*"))).build();
        assertThat(post(endpoint, tool("search"))).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(post(endpoint, tool("delete_all"))).isInstanceOfSatisfying(RequestVerdict.Denied.class,
                denied -> assertThat(denied.code()).isEqualTo(ReasonCode.REQUEST_DENIED_BY_RULE));
    }

    @Test
    void allKnownMethodsNeedNoRuleButToolsDoOnceOneIsNamed() {
        McpOptions allKnown = new McpOptions(Optional.empty(), Optional.of(true));
        NetworkEndpoint open = endpoint("mcp").mcp(allKnown).build();
        assertThat(post(open, tool("anything"))).isInstanceOf(RequestVerdict.Allowed.class);
        NetworkEndpoint named = open.toBuilder().rules(List.of(rule("", "search"))).build();
        assertThat(post(named, call("resources/list"))).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(post(named, tool("search"))).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(post(named, tool("anything"))).isInstanceOf(RequestVerdict.Denied.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1", "[]", "{}", "{\"method\":\"reports.list\"}", "{\"jsonrpc\":\"1.0\",\"method\":\"reports.list\"}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"reports.list\",\"result\":1}", "{\"jsonrpc\":\"2.0\",\"method\":7}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"reports.list\",\"method\":\"reports.delete\"}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"reports.list\"} {}", "{\"jsonrpc\":\"2.0\",\"method\":\"reports.list\",}",
            "{\"jsonrpc\":\"2.0\",\"result\":1,\"id\":1}", "{\"jsonrpc\":\"2.0\",\"method\":\"reports.list\",\"params\":1}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"reports.list\",\"params\":[01]}", "[{\"jsonrpc\":\"2.0\",\"method\":\"reports.list\"},1]"})
    void whatIsNotJsonRpcIsRefusedEvenInAudit(String body) {
        NetworkEndpoint audit = REPORTS.toBuilder().enforcement("audit").build();
        assertThat(post(audit, call("reports.list"))).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(post(audit, body)).isInstanceOfSatisfying(RequestVerdict.Denied.class,
                denied -> assertThat(denied.code()).isEqualTo(ReasonCode.REQUEST_MALFORMED));
    }

    @Test
    void deepNestingIsRefusedWithoutHarm() {
        assertThat(post(REPORTS, "[".repeat(60_000))).isInstanceOf(RequestVerdict.Denied.class);
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() {
        NetworkEndpoint small = REPORTS.toBuilder().jsonRpcMaxBodyBytes(60).build();
        assertThat(post(small, call("reports.list"))).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(post(small, call("reports.list") + " ".repeat(60))).isInstanceOf(RequestVerdict.Denied.class);
    }

    @Test
    void unusualToolNamesAreRefusedUnlessTheEndpointIsNotStrict() {
        assertThat(post(SEARCH, tool("search web"))).isInstanceOfSatisfying(RequestVerdict.Denied.class,
                denied -> assertThat(denied.code()).isEqualTo(ReasonCode.REQUEST_MALFORMED));
        NetworkEndpoint loose = endpoint("mcp").mcp(new McpOptions(Optional.of(false), Optional.empty()))
                .rules(List.of(rule("tools/call", "search web"))).build();
        assertThat(post(loose, tool("search web"))).isInstanceOf(RequestVerdict.Allowed.class);
    }

    @Test
    void sessionsOfMcpMayBeStreamedAnsweredAndEnded() {
        for (HttpRequest.Kind kind : List.of(HttpRequest.Kind.EVENT_STREAM, HttpRequest.Kind.SESSION_END)) {
            String method = kind == HttpRequest.Kind.EVENT_STREAM ? "GET" : "DELETE";
            HttpRequest request = new HttpRequest(method, "/mcp", "", kind);
            assertThat(judge(SEARCH, request, Optional.empty())).isInstanceOf(RequestVerdict.Allowed.class);
            assertThat(judge(REPORTS, request, Optional.empty())).isInstanceOf(RequestVerdict.Denied.class);
        }
        assertThat(post(SEARCH, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")).isInstanceOf(RequestVerdict.Allowed.class);
    }

    private static String call(String method) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\"}";
    }

    private static String tool(String name) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + name + "\",\"arguments\":{}}}";
    }

    private static RequestMatch match(String method, String tool) {
        Map<String, QueryMatcher> params = tool.isEmpty() ? Map.of() : Map.of(RequestMatch.TOOL_PARAM, QueryMatcher.of(tool));
        return new RequestMatch(method, "", "", new TreeMap<>(), "", "", List.of(), new TreeMap<>(params));
    }

    private static AllowRule rule(String method, String tool) {
        return AllowRule.of(match(method, tool));
    }

    private static NetworkEndpointBuilder endpoint(String protocol) {
        return NetworkEndpoint.builder("rpc.test", 80).protocol(protocol).enforcement("enforce");
    }

    private static RequestVerdict post(NetworkEndpoint endpoint, String body) {
        HttpRequest request = new HttpRequest("POST", "/rpc", "", HttpRequest.Kind.PLAIN);
        return judge(endpoint, request, Optional.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static RequestVerdict judge(NetworkEndpoint endpoint, HttpRequest request, Optional<byte[]> body) {
        NetworkRule rule = new NetworkRule("", List.of(endpoint), Arrays.asList(new NetworkBinary(CURL.executable())));
        CompiledPolicy policy = CompiledPolicy.compile(PolicyDocument.empty().withNetworkPolicies(Map.of("k", rule)));
        return RequestScope.of(policy, new EgressRequest("rpc.test", 80, CURL)).judge(request, body);
    }
}
