package io.openshell.model.provider;

import io.openshell.model.Command;

/** What a provider's stream can be asked. Secrets stay out: they are sealed in the vault before a command names their bundle. */
public sealed interface ProviderCommand extends Command {

    /** A user wants a new provider. */
    record CreateProvider(ProviderIdentity provider, ProviderContent content) implements ProviderCommand {}

    /**
     * A user changes what it offers.
     *
     * @param type as the user believes it to be; empty for no check
     * @param content all of it, as it shall be
     * @param basis revision that {@code content} was made from
     */
    record UpdateProvider(String type, ProviderContent content, long basis) implements ProviderCommand {}

    /** A user wants it gone, secrets included. */
    record DeleteProvider() implements ProviderCommand {}
}
