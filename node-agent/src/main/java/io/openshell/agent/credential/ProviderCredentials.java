package io.openshell.agent.credential;

import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.inference.InferenceRoute;
import java.util.List;
import java.util.Optional;

/**
 * Where a node gets the credentials of providers from. Asked for every request of a sandbox that has any attached, so it never
 * blocks. Any thread.
 */
@FunctionalInterface
public interface ProviderCredentials {

    /** No provider has any. */
    ProviderCredentials NONE = (workspace, providers) -> CredentialSet.NONE;

    /** What these providers of a workspace offer now, in this order. Those that are not there offer nothing. */
    CredentialSet of(String workspace, List<String> providers);

    /** Where requests for models of a workspace's sandboxes go now. */
    default Optional<InferenceRoute> inference(String workspace) {
        return Optional.empty();
    }
}
