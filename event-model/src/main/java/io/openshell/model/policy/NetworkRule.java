package io.openshell.model.policy;

import java.util.List;

/**
 * One entry of the network section: these programs may reach these endpoints.
 *
 * @param name display name, may be empty; decisions report the entry's key instead
 * @param endpoints destinations of this entry
 * @param binaries programs this entry is for; an empty list matches no program
 */
public record NetworkRule(String name, List<NetworkEndpoint> endpoints, List<NetworkBinary> binaries) {
    public NetworkRule {
        endpoints = List.copyOf(endpoints);
        binaries = List.copyOf(binaries);
    }
}
