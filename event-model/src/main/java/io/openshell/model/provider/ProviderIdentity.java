package io.openshell.model.provider;

import java.util.Map;

/**
 * What stays the same for as long as a provider exists.
 *
 * @param id unique; a name can be used again after deletion, an id cannot
 * @param name unique in its workspace, 1 to 253 characters
 * @param type canonical id of what it is a provider of, see {@link ProviderProfiles}
 * @param labels as the user gave them
 */
public record ProviderIdentity(String id, String name, String workspace, String type, Map<String, String> labels) {

    /** Keeps a copy. */
    public ProviderIdentity {
        labels = Map.copyOf(labels);
    }
}
