package io.openshell.model.policy.merge;

import io.openshell.model.policy.AccessPreset;
import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.Inspection;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.RequestMatch;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Access presets written out as the rules they stand for. */
final class Presets {
    private Presets() {}

    /** The rules of an endpoint's preset; empty where the preset of this protocol cannot be written as rules. */
    static Optional<List<AllowRule>> rules(NetworkEndpoint endpoint) {
        Optional<AccessPreset> preset = endpoint.accessPreset();
        if (preset.isEmpty()) {
            return Optional.empty();
        }
        return endpoint.inspection().flatMap(inspection -> switch (inspection) {
            case REST -> Optional.of(rest(preset.get()));
            case WEBSOCKET -> Optional.of(websocket(preset.get()));
            case NONE, TCP, GRAPHQL, SQL, JSON_RPC, MCP -> Optional.empty();
        });
    }

    static boolean takesRequestRules(NetworkEndpoint endpoint) {
        return endpoint.inspection().equals(Optional.of(Inspection.REST))
                || endpoint.inspection().equals(Optional.of(Inspection.WEBSOCKET));
    }

    private static List<AllowRule> rest(AccessPreset preset) {
        return switch (preset) {
            case NONE -> List.of();
            case READ_ONLY -> everywhere("GET", "HEAD", "OPTIONS");
            case READ_WRITE -> everywhere("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH");
            case FULL -> everywhere("*");
        };
    }

    private static List<AllowRule> websocket(AccessPreset preset) {
        return switch (preset) {
            case NONE -> List.of();
            case READ_ONLY -> everywhere("GET");
            case READ_WRITE -> everywhere("GET", "WEBSOCKET_TEXT");
            case FULL -> everywhere("*");
        };
    }

    private static List<AllowRule> everywhere(String... methods) {
        return Stream.of(methods).map(method -> AllowRule.of(RequestMatch.http(method, "**"))).toList();
    }
}
