package io.openshell.model.policy.merge;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.GraphqlOptions;
import io.openshell.model.policy.HttpFlags;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.RequestSigning;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Makes one endpoint of two that are about the same place. What the existing one says stays. */
final class EndpointMerge {
    private EndpointMerge() {}

    /** Whether both are about the same host and path and share a port. */
    static boolean same(NetworkEndpoint one, NetworkEndpoint two) {
        return one.host().equalsIgnoreCase(two.host()) && one.path().equals(two.path())
                && one.ports().stream().anyMatch(two.ports()::contains);
    }

    /** The merged endpoint; empty when a preset would have to be written as rules and cannot be. */
    static Optional<NetworkEndpoint> merge(NetworkEndpoint existing, NetworkEndpoint incoming, List<String> warnings) {
        NetworkEndpoint settled = existing.toBuilder()
                .ports(unique(existing.ports(), incoming.ports()))
                .protocol(kept("protocol", existing.protocol(), incoming.protocol(), existing, warnings))
                .tls(kept("tls", existing.tls(), incoming.tls(), existing, warnings))
                .enforcement(kept("enforcement", existing.enforcement(), incoming.enforcement(), existing, warnings))
                .denyRules(unique(existing.denyRules(), incoming.denyRules()))
                .allowedIps(unique(existing.allowedIps(), incoming.allowedIps()))
                .flags(either(existing.flags(), incoming.flags()))
                .build();
        warnDropped(existing, incoming, warnings);
        return withAllowRules(settled, existing, incoming, warnings);
    }

    private static Optional<NetworkEndpoint> withAllowRules(
            NetworkEndpoint settled, NetworkEndpoint existing, NetworkEndpoint incoming, List<String> warnings) {
        boolean explicit = !existing.rules().isEmpty() || !incoming.rules().isEmpty();
        if (!explicit) {
            String access = kept("access", existing.access(), incoming.access(), existing, warnings);
            return Optional.of(settled.toBuilder().access(access).build());
        }
        Optional<List<AllowRule>> before = expanded(existing, settled.protocol());
        Optional<List<AllowRule>> added = expanded(incoming, settled.protocol());
        if (before.isEmpty() || added.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(settled.toBuilder().access("").rules(unique(before.get(), added.get())).build());
    }

    /** The allow rules of an endpoint with its preset, if it has one, written out. */
    private static Optional<List<AllowRule>> expanded(NetworkEndpoint endpoint, String protocol) {
        if (endpoint.access().isEmpty()) {
            return Optional.of(endpoint.rules());
        }
        return Presets.rules(endpoint.toBuilder().protocol(protocol).build()).map(preset -> unique(preset, endpoint.rules()));
    }

    private static String kept(
            String field, String existing, String incoming, NetworkEndpoint place, List<String> warnings) {
        if (existing.isEmpty()) {
            return incoming;
        }
        if (!incoming.isEmpty() && !incoming.equals(existing)) {
            warnings.add(field + " of " + place.host() + place.ports() + " stays '" + existing + "'; '" + incoming + "' is ignored");
        }
        return existing;
    }

    private static void warnDropped(NetworkEndpoint existing, NetworkEndpoint incoming, List<String> warnings) {
        boolean graphql = !incoming.graphql().equals(GraphqlOptions.NONE) && !incoming.graphql().equals(existing.graphql());
        boolean signing = !incoming.signing().equals(RequestSigning.NONE) && !incoming.signing().equals(existing.signing());
        boolean rpc = incoming.jsonRpcMaxBodyBytes() != 0 && incoming.jsonRpcMaxBodyBytes() != existing.jsonRpcMaxBodyBytes();
        boolean mcp = incoming.mcp().isPresent() && !Objects.equals(incoming.mcp(), existing.mcp());
        if (graphql || signing || rpc || mcp) {
            warnings.add("GraphQL, signing, JSON-RPC and MCP settings of " + existing.host() + existing.ports()
                    + " stay as they are; those of the operation are ignored");
        }
    }

    private static HttpFlags either(HttpFlags one, HttpFlags two) {
        return new HttpFlags(one.allowEncodedSlash() || two.allowEncodedSlash(),
                one.websocketCredentialRewrite() || two.websocketCredentialRewrite(),
                one.requestBodyCredentialRewrite() || two.requestBodyCredentialRewrite(),
                one.allowUninspectedCredentials() || two.allowUninspectedCredentials());
    }

    static <T> List<T> unique(List<T> first, List<T> second) {
        Set<T> all = new LinkedHashSet<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }
}
