package io.openshell.agent.credential;

import io.openshell.proxy.credential.CredentialSet;
import java.util.List;

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
}
