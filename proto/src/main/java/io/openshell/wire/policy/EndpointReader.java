package io.openshell.wire.policy;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.CredentialBinding;
import io.openshell.model.policy.GraphqlOperation;
import io.openshell.model.policy.GraphqlOptions;
import io.openshell.model.policy.HttpFlags;
import io.openshell.model.policy.McpOptions;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkEndpointBuilder;
import io.openshell.model.policy.RequestSigning;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one endpoint. */
final class EndpointReader {
    private static final Set<String> KEYS = Set.of("host", "port", "ports", "path", "protocol", "tls", "enforcement", "access",
            "rules", "deny_rules", "allowed_ips", "allow_encoded_slash", "websocket_credential_rewrite",
            "request_body_credential_rewrite", "allow_uninspected_credentials", "persisted_queries", "graphql_persisted_queries",
            "graphql_max_body_bytes", "json_rpc", "mcp", "credential_signing", "signing_service", "signing_region",
            "credential_binding");
    private static final Set<String> MCP = Set.of("max_body_bytes", "strict_tool_names", "allow_all_known_mcp_methods");
    private static final int MAX_PORT = 65_535;

    private EndpointReader() {}

    static NetworkEndpoint read(YamlNode node) throws PolicyParseException {
        YamlFields fields = node.fields(KEYS);
        NetworkEndpointBuilder endpoint = NetworkEndpoint.builder(fields.text("host"))
                .ports(ports(fields))
                .path(fields.text("path"))
                .protocol(fields.text("protocol"))
                .tls(fields.text("tls"))
                .enforcement(fields.text("enforcement"))
                .access(fields.text("access"))
                .rules(fields.list("rules", EndpointReader::rule))
                .denyRules(fields.list("deny_rules", MatchReader::read))
                .allowedIps(fields.texts("allowed_ips"))
                .flags(flags(fields))
                .graphql(graphql(fields))
                .jsonRpcMaxBodyBytes(bodyLimit(fields))
                .signing(new RequestSigning(
                        fields.text("credential_signing"), fields.text("signing_service"), fields.text("signing_region")));
        fields.section("mcp", EndpointReader::mcp).ifPresent(endpoint::mcp);
        fields.section("credential_binding", EndpointReader::binding).ifPresent(endpoint::credentialBinding);
        return endpoint.build();
    }

    /** Both spellings are checked; the list wins when both are there. */
    private static List<Integer> ports(YamlFields fields) throws PolicyParseException {
        List<Integer> several = fields.list("ports", node -> (int) node.number(0, MAX_PORT));
        int one = fields.has("port") ? (int) fields.required("port").number(0, MAX_PORT) : 0;
        if (several.isEmpty()) {
            return one == 0 ? List.of() : List.of(one);
        }
        return several;
    }

    private static AllowRule rule(YamlNode node) throws PolicyParseException {
        return AllowRule.of(MatchReader.read(node.fields(Set.of("allow")).required("allow")));
    }

    private static HttpFlags flags(YamlFields fields) throws PolicyParseException {
        return new HttpFlags(fields.flag("allow_encoded_slash"), fields.flag("websocket_credential_rewrite"),
                fields.flag("request_body_credential_rewrite"), fields.flag("allow_uninspected_credentials"));
    }

    private static GraphqlOptions graphql(YamlFields fields) throws PolicyParseException {
        return new GraphqlOptions(fields.text("persisted_queries"),
                fields.map("graphql_persisted_queries", EndpointReader::operation), fields.unsigned("graphql_max_body_bytes"));
    }

    private static GraphqlOperation operation(YamlNode node) throws PolicyParseException {
        YamlFields fields = node.fields(Set.of("operation_type", "operation_name", "fields"));
        return new GraphqlOperation(fields.text("operation_type"), fields.text("operation_name"), fields.texts("fields"));
    }

    /** Two sections share one limit; the one of MCP wins. */
    private static long bodyLimit(YamlFields fields) throws PolicyParseException {
        long jsonRpc = fields.section("json_rpc",
                node -> node.fields(Set.of("max_body_bytes")).unsigned("max_body_bytes")).orElse(0L);
        Optional<Long> mcp = fields.section("mcp", node -> node.fields(MCP).unsigned("max_body_bytes"));
        return mcp.filter(limit -> limit > 0).orElse(jsonRpc);
    }

    private static McpOptions mcp(YamlNode node) throws PolicyParseException {
        YamlFields fields = node.fields(MCP);
        return new McpOptions(fields.optionalFlag("strict_tool_names"), fields.optionalFlag("allow_all_known_mcp_methods"));
    }

    private static CredentialBinding binding(YamlNode node) throws PolicyParseException {
        return new CredentialBinding(node.fields(Set.of("provider")).required("provider").text());
    }
}
