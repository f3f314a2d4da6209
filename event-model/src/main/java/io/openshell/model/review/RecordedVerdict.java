package io.openshell.model.review;

import java.time.Instant;
import java.util.Objects;

/**
 * A decision the proxy once made.
 *
 * @param allowed whether the policy of that time allowed it
 */
public record RecordedVerdict(String decisionId, Instant time, boolean allowed, RecordedRequest request) {
    /** Refuses missing parts. */
    public RecordedVerdict {
        Objects.requireNonNull(decisionId, "decisionId");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(request, "request");
    }
}
