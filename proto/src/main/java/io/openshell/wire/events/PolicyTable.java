package io.openshell.wire.events;

import io.openshell.model.policy.PolicyDocument;
import io.openshell.wire.events.v1.PolicyRevisionStored;
import io.openshell.wire.policy.PolicyCodec;
import java.util.HashMap;
import java.util.Map;

/**
 * The policies of one snapshot: each is written where it comes first and from then on named by its hash, since a fleet's
 * sandboxes have few among them. One for each writing and each reading; one thread.
 */
public final class PolicyTable {
    private final Map<String, PolicyDocument> byHash = new HashMap<>();

    /** Puts in the hash, and the policy too when this very one was not written before. */
    void encode(String hash, PolicyDocument policy, PolicyRevisionStored.Builder out) {
        out.setHash(hash);
        if (!policy.equals(byHash.putIfAbsent(hash, policy))) {
            out.setPolicy(PolicyCodec.encode(policy));
        }
    }

    /**
     * The policy of a revision.
     *
     * @throws IllegalArgumentException when it is named only and was never written
     */
    PolicyDocument decode(PolicyRevisionStored in) {
        if (in.hasPolicy()) {
            PolicyDocument policy = SharedPolicies.decode(in.getPolicy());
            byHash.putIfAbsent(in.getHash(), policy);
            return policy;
        }
        PolicyDocument known = byHash.get(in.getHash());
        if (known == null) {
            throw new IllegalArgumentException("a policy is named that was not written before");
        }
        return known;
    }
}
