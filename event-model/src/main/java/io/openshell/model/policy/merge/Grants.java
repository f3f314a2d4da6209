package io.openshell.model.policy.merge;

import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who may reach what by one entry: its programs times its endpoints times their ports. */
final class Grants {
    private record Pair(String binary, String host, String path, int port) {
        @Override
        public String toString() {
            return binary + " to " + host + ":" + port + path;
        }
    }

    private Grants() {}

    /** A pair the merged entry grants that neither the entry before nor the operation did, if there is one. */
    static Optional<String> undeclared(NetworkRule before, NetworkRule declared, NetworkRule merged) {
        Map<Pair, Set<NetworkEndpoint>> held = contracts(before);
        Set<Pair> said = contracts(declared).keySet();
        return contracts(merged).entrySet().stream()
                .filter(entry -> !said.contains(entry.getKey()))
                .filter(entry -> !held.getOrDefault(entry.getKey(), Set.of()).containsAll(entry.getValue()))
                .map(entry -> entry.getKey().toString())
                .sorted()
                .findFirst();
    }

    private static Map<Pair, Set<NetworkEndpoint>> contracts(NetworkRule rule) {
        Map<Pair, Set<NetworkEndpoint>> found = new HashMap<>();
        for (NetworkBinary binary : rule.binaries()) {
            for (NetworkEndpoint endpoint : rule.endpoints()) {
                // What is promised at one port does not depend on which other ports share the endpoint.
                NetworkEndpoint contract = endpoint.toBuilder().ports(List.of()).host(host(endpoint)).build();
                for (int port : endpoint.ports()) {
                    found.computeIfAbsent(new Pair(binary.path(), host(endpoint), endpoint.path(), port), p -> new HashSet<>())
                            .add(contract);
                }
            }
        }
        return found;
    }

    private static String host(NetworkEndpoint endpoint) {
        return endpoint.host().toLowerCase(Locale.ROOT);
    }
}
