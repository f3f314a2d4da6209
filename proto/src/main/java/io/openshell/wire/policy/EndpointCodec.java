package io.openshell.wire.policy;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.CredentialBinding;
import io.openshell.model.policy.GraphqlOperation;
import io.openshell.model.policy.GraphqlOptions;
import io.openshell.model.policy.HttpFlags;
import io.openshell.model.policy.McpOptions;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkEndpointBuilder;
import io.openshell.model.policy.Provenance;
import io.openshell.model.policy.RequestSigning;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One endpoint and its message. */
final class EndpointCodec {
    private EndpointCodec() {}

    static NetworkEndpoint decode(io.openshell.wire.sandbox.v1.NetworkEndpoint message) {
        NetworkEndpointBuilder endpoint = NetworkEndpoint.builder(message.getHost())
                .ports(ports(message))
                .path(message.getPath())
                .protocol(message.getProtocol())
                .tls(message.getTls())
                .enforcement(message.getEnforcement())
                .access(message.getAccess())
                .rules(message.getRulesList().stream().map(EndpointCodec::rule).toList())
                .denyRules(message.getDenyRulesList().stream().map(MatchCodec::decode).toList())
                .allowedIps(message.getAllowedIpsList())
                .flags(new HttpFlags(message.getAllowEncodedSlash(), message.getWebsocketCredentialRewrite(),
                        message.getRequestBodyCredentialRewrite(), message.getAllowUninspectedCredentials()))
                .graphql(graphql(message))
                .jsonRpcMaxBodyBytes(Integer.toUnsignedLong(message.getJsonRpcMaxBodyBytes()))
                .signing(new RequestSigning(
                        message.getCredentialSigning(), message.getSigningService(), message.getSigningRegion()))
                .provenance(new Provenance(message.getAdvisorProposed(), message.getProviderCredentialed()));
        if (message.hasMcp()) {
            endpoint.mcp(mcp(message.getMcp()));
        }
        if (message.hasCredentialBinding()) {
            endpoint.credentialBinding(new CredentialBinding(message.getCredentialBinding().getProvider()));
        }
        return endpoint.build();
    }

    static io.openshell.wire.sandbox.v1.NetworkEndpoint encode(NetworkEndpoint endpoint) {
        io.openshell.wire.sandbox.v1.NetworkEndpoint.Builder message = io.openshell.wire.sandbox.v1.NetworkEndpoint.newBuilder()
                .setHost(endpoint.host())
                .addAllPorts(endpoint.ports())
                .setPath(endpoint.path())
                .setProtocol(endpoint.protocol())
                .setTls(endpoint.tls())
                .setEnforcement(endpoint.enforcement())
                .setAccess(endpoint.access())
                .addAllAllowedIps(endpoint.allowedIps())
                .setJsonRpcMaxBodyBytes((int) endpoint.jsonRpcMaxBodyBytes())
                .setCredentialSigning(endpoint.signing().kind())
                .setSigningService(endpoint.signing().service())
                .setSigningRegion(endpoint.signing().region())
                .setAdvisorProposed(endpoint.provenance().advisorProposed())
                .setProviderCredentialed(endpoint.provenance().providerCredentialed());
        if (endpoint.ports().size() == 1) {
            // Older readers look only at the single-port field.
            message.setPort(endpoint.ports().getFirst());
        }
        endpoint.rules().forEach(rule -> message.addRules(rule(rule)));
        endpoint.denyRules().forEach(rule -> message.addDenyRules(MatchCodec.encodeDeny(rule)));
        setFlags(message, endpoint.flags());
        setGraphql(message, endpoint.graphql());
        endpoint.mcp().ifPresent(options -> message.setMcp(mcp(options)));
        endpoint.credentialBinding().ifPresent(binding -> message.getCredentialBindingBuilder().setProvider(binding.provider()));
        return message.build();
    }

    private static List<Integer> ports(io.openshell.wire.sandbox.v1.NetworkEndpoint message) {
        if (message.getPortsCount() > 0) {
            return message.getPortsList();
        }
        return message.getPort() == 0 ? List.of() : List.of(message.getPort());
    }

    static AllowRule rule(io.openshell.wire.sandbox.v1.L7Rule rule) {
        return new AllowRule(rule.hasAllow() ? Optional.of(MatchCodec.decode(rule.getAllow())) : Optional.empty());
    }

    static io.openshell.wire.sandbox.v1.L7Rule rule(AllowRule rule) {
        io.openshell.wire.sandbox.v1.L7Rule.Builder message = io.openshell.wire.sandbox.v1.L7Rule.newBuilder();
        rule.allow().ifPresent(allow -> message.setAllow(MatchCodec.encodeAllow(allow)));
        return message.build();
    }

    private static GraphqlOptions graphql(io.openshell.wire.sandbox.v1.NetworkEndpoint message) {
        SortedMap<String, GraphqlOperation> registry = new TreeMap<>();
        message.getGraphqlPersistedQueriesMap().forEach((id, operation) -> registry.put(id, new GraphqlOperation(
                operation.getOperationType(), operation.getOperationName(), operation.getFieldsList())));
        return new GraphqlOptions(
                message.getPersistedQueries(), registry, Integer.toUnsignedLong(message.getGraphqlMaxBodyBytes()));
    }

    private static void setGraphql(io.openshell.wire.sandbox.v1.NetworkEndpoint.Builder message, GraphqlOptions graphql) {
        message.setPersistedQueries(graphql.persistedQueries()).setGraphqlMaxBodyBytes((int) graphql.maxBodyBytes());
        graphql.registry().forEach((id, operation) -> message.putGraphqlPersistedQueries(id,
                io.openshell.wire.sandbox.v1.GraphqlOperation.newBuilder().setOperationType(operation.operationType())
                        .setOperationName(operation.operationName()).addAllFields(operation.fields()).build()));
    }

    private static void setFlags(io.openshell.wire.sandbox.v1.NetworkEndpoint.Builder message, HttpFlags flags) {
        message.setAllowEncodedSlash(flags.allowEncodedSlash())
                .setWebsocketCredentialRewrite(flags.websocketCredentialRewrite())
                .setRequestBodyCredentialRewrite(flags.requestBodyCredentialRewrite())
                .setAllowUninspectedCredentials(flags.allowUninspectedCredentials());
    }

    private static McpOptions mcp(io.openshell.wire.sandbox.v1.McpOptions message) {
        return new McpOptions(
                message.hasStrictToolNames() ? Optional.of(message.getStrictToolNames()) : Optional.empty(),
                message.hasAllowAllKnownMcpMethods() ? Optional.of(message.getAllowAllKnownMcpMethods()) : Optional.empty());
    }

    private static io.openshell.wire.sandbox.v1.McpOptions mcp(McpOptions options) {
        io.openshell.wire.sandbox.v1.McpOptions.Builder message = io.openshell.wire.sandbox.v1.McpOptions.newBuilder();
        options.strictToolNames().ifPresent(message::setStrictToolNames);
        options.allowAllKnownMethods().ifPresent(message::setAllowAllKnownMcpMethods);
        return message.build();
    }
}
