package io.openshell.model.provider;

import io.openshell.model.AggregateState;
import java.time.Instant;

/** What the events of one provider name add up to. */
public sealed interface ProviderState extends AggregateState {

    /** There is none; the name may have been used before. */
    record Absent() implements ProviderState {}

    /**
     * There is such a provider.
     *
     * @param revision rises by one with every update, from 1
     */
    record Present(
            ProviderIdentity provider, ProviderContent content, long revision, Instant createdAt, Instant updatedAt)
            implements ProviderState {

        Present with(ProviderContent next, Instant at) {
            return new Present(provider, next, revision + 1, createdAt, at);
        }
    }
}
