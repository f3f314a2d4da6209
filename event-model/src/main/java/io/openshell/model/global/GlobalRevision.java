package io.openshell.model.global;

import io.openshell.model.policy.PolicyDocument;
import java.time.Instant;

/**
 * One revision of the global policy.
 *
 * @param version from 1
 */
public record GlobalRevision(int version, String hash, PolicyDocument policy, Instant storedAt) {

    /**
     * What a sandbox with this policy of its own enforces under this revision: the network of the revision, and its own
     * file system, user and kernel rules, with which it was sealed at its start.
     */
    public PolicyDocument over(PolicyDocument own) {
        return own.withNetworkPolicies(policy.networkPolicies()).withMiddlewares(policy.middlewares());
    }
}
