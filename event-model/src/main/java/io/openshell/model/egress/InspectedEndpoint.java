package io.openshell.model.egress;

import io.openshell.model.policy.AccessPreset;
import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.Enforcement;
import io.openshell.model.policy.Glob;
import io.openshell.model.policy.Inspection;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.RequestMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An endpoint whose requests are judged, with its rules compiled.
 *
 * @param ruleKey key of its entry
 * @param inspection how its requests are read; empty when the protocol is unknown
 * @param scope the paths it is about; empty for all
 * @param specificity how narrow the scope is: its characters that are not stars
 * @param enforcing whether refusals block; so does a text that means nothing
 * @param encodedSlash whether encoded slashes may stand in paths
 * @param operations whether rules look into GraphQL operations
 * @param allow its allow rules
 * @param deny its deny rules
 * @param rpc its rules read as rules about JSON-RPC, which count where that is what is read
 * @param graphql its rules read as rules about GraphQL operations, which count where those are what is read
 */
record InspectedEndpoint(
        String ruleKey,
        Optional<Inspection> inspection,
        Optional<Glob> scope,
        int specificity,
        boolean enforcing,
        boolean encodedSlash,
        boolean operations,
        List<CompiledRule> allow,
        List<CompiledRule> deny,
        RpcRules rpc,
        GraphqlRules graphql) {
    /** What can be judged here. Everything else is refused, never passed unread. */
    static final Set<Inspection> SUPPORTED = Set.of(
            Inspection.REST, Inspection.WEBSOCKET, Inspection.GRAPHQL, Inspection.JSON_RPC, Inspection.MCP);

    static InspectedEndpoint compile(String ruleKey, NetworkEndpoint endpoint) {
        Optional<Inspection> inspection = endpoint.inspection();
        String path = endpoint.path();
        boolean everywhere = path.isEmpty() || path.equals("**");
        return new InspectedEndpoint(
                ruleKey,
                inspection,
                everywhere ? Optional.empty() : Optional.of(Glob.path(path)),
                (int) path.chars().filter(c -> c != '*').count(),
                !endpoint.enforcementMode().equals(Optional.of(Enforcement.AUDIT)),
                endpoint.flags().allowEncodedSlash(),
                operations(endpoint),
                List.copyOf(allowed(endpoint)),
                denied(endpoint),
                RpcRules.compile(endpoint),
                GraphqlRules.compile(endpoint));
    }

    boolean isSupported() {
        return inspection.map(SUPPORTED::contains).orElse(false);
    }

    boolean carriesRpc() {
        return inspection.map(kind -> kind == Inspection.JSON_RPC || kind == Inspection.MCP).orElse(false);
    }

    boolean carriesGraphql() {
        return inspection.equals(Optional.of(Inspection.GRAPHQL));
    }

    boolean selects(String path) {
        return scope.isEmpty() || scope.get().matches(path);
    }

    /** The protocol as it stands in reasons. */
    String protocol() {
        return inspection.map(Inspection::text).orElse("(unknown)");
    }

    private static List<CompiledRule> allowed(NetworkEndpoint endpoint) {
        List<CompiledRule> rules = new ArrayList<>();
        for (AllowRule rule : endpoint.rules()) {
            rule.allow().filter(match -> !match.hasGraphql()).map(CompiledRule::allow).ifPresent(rules::add);
        }
        preset(endpoint).ifPresent(rules::add);
        return rules;
    }

    /** Rules about operations and calls say nothing about HTTP, so they must not be read as rules about every request. */
    private static List<CompiledRule> denied(NetworkEndpoint endpoint) {
        boolean http = endpoint.inspection().map(kind -> kind == Inspection.NONE || kind == Inspection.REST
                || kind == Inspection.WEBSOCKET).orElse(true);
        if (!http) {
            return List.of();
        }
        boolean websocket = endpoint.inspection().equals(Optional.of(Inspection.WEBSOCKET));
        return endpoint.denyRules().stream()
                .filter(match -> !(websocket && match.hasGraphql())).map(CompiledRule::deny).toList();
    }

    private static Optional<CompiledRule> preset(NetworkEndpoint endpoint) {
        boolean websocket = endpoint.inspection().equals(Optional.of(Inspection.WEBSOCKET));
        String text = "access " + endpoint.access();
        return switch (endpoint.accessPreset().orElse(AccessPreset.NONE)) {
            case NONE -> Optional.empty();
            case READ_ONLY -> Optional.of(websocket
                    ? CompiledRule.preset(text, "GET")
                    : CompiledRule.preset(text, "GET", "HEAD", "OPTIONS"));
            case READ_WRITE -> Optional.of(websocket
                    ? CompiledRule.preset(text, "GET", HttpRequest.WEBSOCKET_TEXT)
                    : CompiledRule.preset(text, "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH"));
            case FULL -> Optional.of(CompiledRule.preset(text));
        };
    }

    private static boolean operations(NetworkEndpoint endpoint) {
        return endpoint.rules().stream().flatMap(rule -> rule.allow().stream()).anyMatch(RequestMatch::hasGraphql)
                || endpoint.denyRules().stream().anyMatch(RequestMatch::hasGraphql)
                || !endpoint.graphql().registry().isEmpty()
                || endpoint.graphql().persistedQueries().equals("allow_registered");
    }
}
