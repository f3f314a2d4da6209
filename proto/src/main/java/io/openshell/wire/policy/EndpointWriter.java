package io.openshell.wire.policy;

import io.openshell.model.policy.GraphqlOperation;
import io.openshell.model.policy.HttpFlags;
import io.openshell.model.policy.Inspection;
import io.openshell.model.policy.McpOptions;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.QueryMatcher;
import io.openshell.model.policy.RequestMatch;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns one endpoint into the tree of its canonical text. */
final class EndpointWriter {
    private EndpointWriter() {}

    static Map<String, Object> write(NetworkEndpoint endpoint) {
        YamlTree tree = new YamlTree().text("host", endpoint.host());
        if (endpoint.ports().size() == 1) {
            tree.always("port", endpoint.ports().getFirst().longValue());
        } else {
            tree.list("ports", endpoint.ports().stream().map(Integer::longValue).toList());
        }
        boolean mcp = endpoint.inspection().equals(Optional.of(Inspection.MCP));
        tree.text("path", endpoint.path()).text("protocol", endpoint.protocol()).text("tls", endpoint.tls())
                .text("enforcement", endpoint.enforcement()).text("access", endpoint.access())
                .list("rules", endpoint.rules().stream()
                        .map(rule -> Map.of("allow", rule.allow().map(match -> match(match, mcp)).orElse(Map.of()))).toList())
                .list("deny_rules", endpoint.denyRules().stream().map(match -> match(match, mcp)).toList())
                .list("allowed_ips", endpoint.allowedIps());
        flags(tree, endpoint.flags());
        inspection(tree, endpoint);
        tree.text("credential_signing", endpoint.signing().kind()).text("signing_service", endpoint.signing().service())
                .text("signing_region", endpoint.signing().region());
        endpoint.credentialBinding().ifPresent(binding ->
                tree.always("credential_binding", Map.of("provider", binding.provider())));
        return tree.map();
    }

    private static void flags(YamlTree tree, HttpFlags flags) {
        tree.flag("allow_encoded_slash", flags.allowEncodedSlash())
                .flag("websocket_credential_rewrite", flags.websocketCredentialRewrite())
                .flag("request_body_credential_rewrite", flags.requestBodyCredentialRewrite())
                .flag("allow_uninspected_credentials", flags.allowUninspectedCredentials());
    }

    private static void inspection(YamlTree tree, NetworkEndpoint endpoint) {
        Map<String, Object> registry = new TreeMap<>();
        endpoint.graphql().registry().forEach((id, operation) -> registry.put(id, operation(operation)));
        tree.text("persisted_queries", endpoint.graphql().persistedQueries())
                .nested("graphql_persisted_queries", registry)
                .number("graphql_max_body_bytes", endpoint.graphql().maxBodyBytes());
        YamlTree limit = new YamlTree().number("max_body_bytes", endpoint.jsonRpcMaxBodyBytes());
        endpoint.mcp().ifPresentOrElse(options -> tree.always("mcp", mcp(limit, options)), () -> tree.nested("json_rpc", limit.map()));
    }

    private static Map<String, Object> mcp(YamlTree limit, McpOptions options) {
        options.strictToolNames().ifPresent(value -> limit.always("strict_tool_names", value));
        options.allowAllKnownMethods().ifPresent(value -> limit.always("allow_all_known_mcp_methods", value));
        return limit.map();
    }

    private static Map<String, Object> operation(GraphqlOperation operation) {
        return new YamlTree().text("operation_type", operation.operationType()).text("operation_name", operation.operationName())
                .list("fields", operation.fields()).map();
    }

    private static Map<String, Object> match(RequestMatch match, boolean mcp) {
        Map<String, Object> params = matchers(match.params());
        Optional<Object> tool = mcp ? Optional.ofNullable(params.remove(RequestMatch.TOOL_PARAM)) : Optional.empty();
        YamlTree tree = new YamlTree().text("method", match.method()).text("path", match.path()).text("command", match.command())
                .nested("query", matchers(match.query())).text("operation_type", match.operationType())
                .text("operation_name", match.operationName()).list("fields", match.fields());
        tool.ifPresent(value -> tree.always("tool", value));
        return tree.nested("params", params).map();
    }

    private static Map<String, Object> matchers(SortedMap<String, QueryMatcher> matchers) {
        Map<String, Object> tree = new TreeMap<>();
        matchers.forEach((name, matcher) ->
                tree.put(name, matcher.any().isEmpty() ? matcher.glob() : Map.of("any", matcher.any())));
        return tree;
    }
}
