package io.openshell.model.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds pairs of endpoints that can match the same traffic and ask for different treatment. Binaries play no part. */
final class AmbiguityRules {
    private static final int MAX_REPORTED = 100;

    private AmbiguityRules() {}

    private record Placed(String path, NetworkEndpoint endpoint) {}

    private record Setting(String name, Function<NetworkEndpoint, Object> value) {}

    private static final List<Setting> CONNECTION = List.of(
            new Setting("protocol tcp", e -> e.inspection().equals(Optional.of(Inspection.TCP))),
            new Setting("tls", e -> e.tlsMode().equals(Optional.of(TlsMode.SKIP))),
            new Setting("allowed_ips", AmbiguityRules::addresses),
            new Setting("advisor provenance", e -> e.provenance().advisorProposed()));

    private static final List<Setting> REQUEST = List.of(
            new Setting("protocol", e -> e.inspection().map(Inspection::text).orElse(e.protocol())),
            new Setting("enforcement", e -> e.enforcementMode().equals(Optional.of(Enforcement.ENFORCE))),
            new Setting("allow_encoded_slash", e -> e.flags().allowEncodedSlash()),
            new Setting("websocket_credential_rewrite", e -> e.flags().websocketCredentialRewrite()),
            new Setting("request_body_credential_rewrite", e -> e.flags().requestBodyCredentialRewrite()),
            new Setting("credential_signing", NetworkEndpoint::signing),
            new Setting("credential_binding", NetworkEndpoint::credentialBinding));

    static List<PolicyViolation> check(PolicyDocument document) {
        List<Placed> endpoints = new ArrayList<>();
        document.networkPolicies().forEach((key, rule) -> {
            for (int i = 0; i < rule.endpoints().size(); i++) {
                endpoints.add(new Placed("network_policies." + key + ".endpoints[" + i + "]", rule.endpoints().get(i)));
            }
        });
        List<PolicyViolation> violations = new ArrayList<>();
        for (int i = 0; i < endpoints.size() && violations.size() < MAX_REPORTED; i++) {
            for (int j = i + 1; j < endpoints.size() && violations.size() < MAX_REPORTED; j++) {
                compare(endpoints.get(i), endpoints.get(j), violations);
            }
        }
        return List.copyOf(violations);
    }

    private static void compare(Placed one, Placed two, List<PolicyViolation> violations) {
        NetworkEndpoint left = one.endpoint();
        NetworkEndpoint right = two.endpoint();
        if (left.ports().stream().noneMatch(right.ports()::contains) || !HostOverlap.possible(left.host(), right.host())) {
            return;
        }
        List<String> different = differing(CONNECTION, left, right);
        boolean sameRequests = left.extended() && right.extended() && specificity(left) == specificity(right)
                && PathOverlap.possible(left.path(), right.path());
        if (sameRequests) {
            different.addAll(differing(REQUEST, left, right));
            different.addAll(differing(limits(left, right), left, right));
        }
        if (!different.isEmpty()) {
            violations.add(new PolicyViolation(one.path(), "can match the same traffic as " + two.path() + " but differs in "
                    + String.join(", ", different)));
        }
    }

    private static List<String> differing(List<Setting> settings, NetworkEndpoint left, NetworkEndpoint right) {
        return new ArrayList<>(settings.stream()
                .filter(setting -> !Objects.equals(setting.value().apply(left), setting.value().apply(right)))
                .map(Setting::name).toList());
    }

    /** Settings that count only between endpoints of the same protocol. */
    private static List<Setting> limits(NetworkEndpoint left, NetworkEndpoint right) {
        if (!left.inspection().equals(right.inspection()) || left.inspection().isEmpty()) {
            return List.of();
        }
        Setting jsonRpc = new Setting("json_rpc.max_body_bytes", NetworkEndpoint::jsonRpcMaxBodyBytes);
        return switch (left.inspection().get()) {
            case NONE, TCP, REST, SQL -> List.of();
            case WEBSOCKET -> List.of(new Setting("GraphQL rules", AmbiguityRules::websocketGraphql));
            case GRAPHQL -> List.of(new Setting("graphql_max_body_bytes", e -> e.graphql().maxBodyBytes()));
            case JSON_RPC -> List.of(jsonRpc);
            case MCP -> List.of(jsonRpc, new Setting("mcp.strict_tool_names", e -> e.mcp().map(McpOptions::strict).orElse(true)));
        };
    }

    private static boolean websocketGraphql(NetworkEndpoint endpoint) {
        return endpoint.denyRules().stream().anyMatch(RequestMatch::hasGraphql)
                || endpoint.rules().stream().anyMatch(rule -> rule.allow().filter(RequestMatch::hasGraphql).isPresent());
    }

    private static Set<String> addresses(NetworkEndpoint endpoint) {
        return endpoint.allowedIps().stream().map(ip -> ip.strip().toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    private static long specificity(NetworkEndpoint endpoint) {
        return endpoint.path().chars().filter(c -> c != '*').count();
    }
}
