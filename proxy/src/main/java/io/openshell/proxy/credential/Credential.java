package io.openshell.proxy.credential;

import io.openshell.model.provider.CredentialEndpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A credential a sandbox may use.
 *
 * @param key names it; the environment variable its placeholder stands in
 * @param provider name of the provider it belongs to
 * @param revision of that provider
 * @param handle 64 lower-case hex digits that stay the same for as long as the provider exists
 * @param endpoints where it may be sent; where the policy binds the provider to an endpoint, there too
 * @param expiresAt from when on it must not be used; empty for never
 * @param value the secret; empty when it cannot be had
 */
public record Credential(
        String key,
        String provider,
        long revision,
        String handle,
        List<CredentialEndpoint> endpoints,
        Optional<Instant> expiresAt,
        Optional<SecretText> value) {
    /** Keeps a copy. */
    public Credential {
        endpoints = List.copyOf(endpoints);
    }
}
