package io.openshell.model.policy;

/**
 * Binds an endpoint to an attached provider that names no endpoints of its own.
 *
 * @param provider name of the provider
 */
public record CredentialBinding(String provider) {}
