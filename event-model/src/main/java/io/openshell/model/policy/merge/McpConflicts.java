package io.openshell.model.policy.merge;

import io.openshell.model.policy.Inspection;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An MCP server cannot share its host and port with traffic that is read differently, in any rule or path. */
final class McpConflicts {
    private McpConflicts() {}

    /** How the traffic of an endpoint is read, as far as it matters next to MCP. */
    private record Reading(String protocol, boolean strict, boolean allMethods, long limit) {
        static Reading of(NetworkEndpoint endpoint) {
            boolean mcp = endpoint.inspection().equals(Optional.of(Inspection.MCP));
            return new Reading(endpoint.protocol().toLowerCase(Locale.ROOT),
                    mcp && endpoint.mcp().map(options -> options.strict()).orElse(true),
                    mcp && endpoint.mcp().map(options -> options.allowsAllKnownMethods()).orElse(false),
                    mcp ? endpoint.jsonRpcMaxBodyBytes() : 0);
        }
    }

    /** A conflict that was not there before, if there is one; conflicts of the past do not block other changes. */
    static Optional<MergeOutcome.Refused> added(Map<String, NetworkRule> before, Map<String, NetworkRule> after) {
        Set<String> old = conflicts(before);
        return conflicts(after).stream().filter(place -> !old.contains(place)).sorted().findFirst().flatMap(place ->
                Draft.conflict(place + " is an MCP endpoint and cannot be read in another way as well"));
    }

    private static Set<String> conflicts(Map<String, NetworkRule> rules) {
        Map<String, Set<Reading>> readings = new HashMap<>();
        rules.values().forEach(rule -> rule.endpoints().stream().filter(NetworkEndpoint::inspected).forEach(endpoint ->
                endpoint.ports().forEach(port -> readings
                        .computeIfAbsent(endpoint.host().toLowerCase(Locale.ROOT) + ":" + port, p -> new HashSet<>())
                        .add(Reading.of(endpoint)))));
        Set<String> found = new HashSet<>();
        readings.forEach((place, all) -> {
            if (all.size() > 1 && all.stream().anyMatch(reading -> reading.protocol().equals("mcp"))) {
                found.add(place);
            }
        });
        return found;
    }
}
