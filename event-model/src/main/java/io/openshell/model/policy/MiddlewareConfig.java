package io.openshell.model.policy;

import java.util.Optional;

/**
 * A request middleware and the hosts it applies to.
 *
 * @param name display name, may be empty
 * @param middleware registered implementation
 * @param order place in the chain, lower runs first; unique in a document
 * @param config settings owned by the implementation
 * @param onError "fail_closed", "fail_open" or empty (fail closed)
 * @param endpoints hosts the middleware applies to
 */
public record MiddlewareConfig(
        String name,
        String middleware,
        int order,
        ConfigValue.Fields config,
        String onError,
        Optional<MiddlewareSelector> endpoints) {

    /** Whether a failing middleware refuses the request. Only the exact opt-out turns this off. */
    public boolean failsClosed() {
        return !onError.equals("fail_open");
    }
}
