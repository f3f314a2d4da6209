package io.openshell.model.policy;

import java.util.Optional;

/**
 * One element of an endpoint's {@code rules}.
 *
 * @param allow what is allowed; absent only in a document that came over the wire incomplete, which validation refuses
 */
public record AllowRule(Optional<RequestMatch> allow) {
    /** A rule that allows the given requests. */
    public static AllowRule of(RequestMatch match) {
        return new AllowRule(Optional.of(match));
    }
}
