package io.openshell.model.sandbox;

import io.openshell.model.policy.PolicyDocument;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One revision of a sandbox's policy.
 *
 * @param version from 1
 * @param status where it stands
 */
public record PolicyRevision(
        int version,
        String hash,
        PolicyDocument policy,
        Map<String, String> provenance,
        Status status,
        Instant storedAt) {

    /** Where a revision stands. A superseded one keeps the time it was loaded. */
    public record Status(Kind kind, String error, Optional<Instant> loadedAt) {

        static final Status PENDING = new Status(Kind.PENDING, "", Optional.empty());

        /** Kinds of status. */
        public enum Kind {
            PENDING,
            LOADED,
            FAILED,
            SUPERSEDED
        }
    }

    PolicyRevision with(Status next) {
        return new PolicyRevision(version, hash, policy, provenance, next, storedAt);
    }
}
