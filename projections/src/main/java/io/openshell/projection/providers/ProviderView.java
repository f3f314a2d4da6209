package io.openshell.projection.providers;

import io.openshell.model.provider.ProviderState;

/**
 * One provider.
 *
 * @param version of its stream; clients see it as the resource version
 */
public record ProviderView(ProviderState.Present state, long version) {

    /** Its name. */
    public String name() {
        return state.provider().name();
    }
}
