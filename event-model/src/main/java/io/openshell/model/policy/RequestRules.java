package io.openshell.model.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks how protocol, preset, allow rules and deny rules of an endpoint go together. */
final class RequestRules {
    private static final Set<String> OPERATION_TYPES = Set.of("query", "mutation", "subscription");

    private RequestRules() {}

    static void check(NetworkEndpoint endpoint, Findings findings) {
        boolean hasRules = !endpoint.rules().isEmpty();
        boolean hasAccess = !endpoint.access().isEmpty();
        findings.addIf(hasRules && hasAccess, "rules and access exclude each other");
        allowed(endpoint, findings);
        denied(endpoint, findings);
        endpoint.inspection().ifPresent(inspection -> base(endpoint, inspection, findings));
        if (endpoint.inspection().equals(Optional.of(Inspection.GRAPHQL))) {
            graphql(endpoint, findings);
        }
    }

    private static void base(NetworkEndpoint endpoint, Inspection inspection, Findings findings) {
        boolean hasRules = !endpoint.rules().isEmpty();
        boolean hasAccess = !endpoint.access().isEmpty();
        switch (inspection) {
            case NONE -> findings.addIf(hasRules || hasAccess && !endpoint.access().equals("full"),
                    "rules and access need a protocol that says how requests are read");
            case TCP -> findings.addIf(hasRules || hasAccess || !endpoint.denyRules().isEmpty(),
                    "protocol tcp cannot be combined with access, rules or deny_rules");
            case REST, WEBSOCKET, GRAPHQL, SQL -> findings.addIf(!hasRules && !hasAccess,
                    "protocol " + inspection.text() + " needs rules or access");
            case JSON_RPC -> {
                findings.addIf(hasAccess, "protocol json-rpc does not know access presets");
                findings.addIf(!hasRules, "protocol json-rpc needs rules");
            }
            case MCP -> {
                findings.addIf(hasAccess, "protocol mcp does not know access presets");
                findings.addIf(!hasRules && !allowsAllMcp(endpoint),
                        "protocol mcp needs rules or allow_all_known_mcp_methods");
            }
        }
    }

    private static void allowed(NetworkEndpoint endpoint, Findings findings) {
        List<AllowRule> rules = endpoint.rules();
        for (int i = 0; i < rules.size(); i++) {
            findings.at("rules", i).addIf(rules.get(i).allow().isEmpty(), "'allow' is missing");
        }
        boolean allEmpty = rules.stream().allMatch(rule -> rule.allow().map(RequestMatch::isEmpty).orElse(true));
        findings.at("rules").addIf(!rules.isEmpty() && allEmpty && !allowsAllMcp(endpoint), "no rule says what it allows");
    }

    private static void denied(NetworkEndpoint endpoint, Findings findings) {
        if (endpoint.denyRules().isEmpty()) {
            return;
        }
        boolean mcp = endpoint.inspection().equals(Optional.of(Inspection.MCP));
        findings.at("deny_rules").addIf(endpoint.inspection().equals(Optional.of(Inspection.NONE)),
                "need a protocol whose requests are inspected");
        findings.at("deny_rules").addIf(!mcp && endpoint.inspected() && endpoint.rules().isEmpty() && endpoint.access().isEmpty(),
                "need rules or access to take something away from");
    }

    private static void graphql(NetworkEndpoint endpoint, Findings findings) {
        for (int i = 0; i < endpoint.rules().size(); i++) {
            Findings at = findings.at("rules", i).at("allow");
            endpoint.rules().get(i).allow().ifPresent(match -> operationType(match.operationType(), at));
        }
        for (int i = 0; i < endpoint.denyRules().size(); i++) {
            operationType(endpoint.denyRules().get(i).operationType(), findings.at("deny_rules", i));
        }
        endpoint.graphql().registry().forEach((id, operation) ->
                operationType(operation.operationType(), findings.at("graphql_persisted_queries").at(id)));
    }

    private static void operationType(String type, Findings findings) {
        findings.at("operation_type").addIf(!OPERATION_TYPES.contains(type), "must be query, mutation or subscription");
    }

    private static boolean allowsAllMcp(NetworkEndpoint endpoint) {
        return endpoint.inspection().equals(Optional.of(Inspection.MCP))
                && endpoint.mcp().map(McpOptions::allowsAllKnownMethods).orElse(false);
    }
}
