package io.openshell.model.provider;

import io.openshell.model.Event;

/** Everything that can happen to a provider. */
public sealed interface ProviderEvent extends Event {

    /** It exists, at revision 1. */
    record ProviderCreated(ProviderIdentity provider, ProviderContent content) implements ProviderEvent {}

    /** It offers this from now on; revisions rise by one. */
    record ProviderUpdated(long revision, ProviderContent content) implements ProviderEvent {}

    /** It is gone; the vault destroys what it kept of it. */
    record ProviderDeleted(String providerId) implements ProviderEvent {}
}
