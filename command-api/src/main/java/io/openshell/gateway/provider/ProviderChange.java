package io.openshell.gateway.provider;

import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.vault.Vault;
import io.openshell.model.provider.ProviderContent;
import io.openshell.model.provider.ProviderState;
import io.openshell.wire.datamodel.v1.Provider;
import io.openshell.wire.v1.UpdateProviderRequest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a provider shall offer, and the secrets for it.
 *
 * @param content with the name of the bundle for the secrets
 * @param secrets to keep under that name first; empty when the bundle of before still fits
 */
record ProviderChange(ProviderContent content, Optional<SortedMap<String, String>> secrets) {

    /** Leaves the secrets out. */
    @Override
    public String toString() {
        return "ProviderChange[" + content + "]";
    }

    /** A new provider. */
    static ProviderChange created(String workspace, String name, Provider wanted) {
        SortedMap<String, String> secrets = new TreeMap<>(wanted.getCredentialsMap());
        SortedMap<String, Optional<Instant>> credentials = new TreeMap<>();
        secrets.keySet().forEach(key -> credentials.put(key, Optional.empty()));
        expire(credentials, wanted.getCredentialExpiresAtMsMap());
        String bundle = secrets.isEmpty() ? "" : Vault.newBundle(workspace, name);
        return new ProviderChange(new ProviderContent(credentials, new TreeMap<>(wanted.getConfigMap()), bundle),
                secrets.isEmpty() ? Optional.empty() : Optional.of(secrets));
    }

    /**
     * A provider with changes: what is not named stays, an empty value takes away.
     *
     * @throws Refusal when its secrets are needed for that and cannot be had
     */
    static ProviderChange merged(ProviderState.Present before, UpdateProviderRequest request, Vault vault) {
        Provider wanted = request.getProvider();
        SortedMap<String, Optional<Instant>> credentials = new TreeMap<>(before.content().credentials());
        SortedMap<String, String> config = new TreeMap<>(before.content().config());
        wanted.getConfigMap().forEach((key, value) -> put(config, key, value));
        wanted.getCredentialsMap().forEach((key, value) -> {
            if (value.isEmpty()) {
                credentials.remove(key);
            } else {
                credentials.putIfAbsent(key, Optional.empty());
            }
        });
        ProviderRequestRules.expiries(request.getCredentialExpiresAtMsMap(), credentials.keySet());
        expire(credentials, request.getCredentialExpiresAtMsMap());
        boolean same = wanted.getCredentialsMap().entrySet().stream()
                .allMatch(each -> each.getValue().isEmpty() && !before.content().credentials().containsKey(each.getKey()));
        if (same) {
            return new ProviderChange(new ProviderContent(credentials, config, before.content().bundle()), Optional.empty());
        }
        SortedMap<String, String> secrets = before.content().bundle().isEmpty() ? new TreeMap<>()
                : vault.open(before.content().bundle()).orElseThrow(() -> Refusal.precondition(
                        "the secrets of the provider cannot be opened with this gateway's key; delete it and create it anew"));
        wanted.getCredentialsMap().forEach((key, value) -> put(secrets, key, value));
        String bundle = secrets.isEmpty() ? "" : Vault.newBundle(before.provider().workspace(), before.provider().name());
        return new ProviderChange(new ProviderContent(credentials, config, bundle),
                secrets.isEmpty() ? Optional.empty() : Optional.of(secrets));
    }

    private static void put(SortedMap<String, String> into, String key, String value) {
        if (value.isEmpty()) {
            into.remove(key);
        } else {
            into.put(key, value);
        }
    }

    /** A time of 0 or before takes the expiry away. */
    private static void expire(SortedMap<String, Optional<Instant>> credentials, Map<String, Long> expiries) {
        expiries.forEach((key, at) -> credentials.computeIfPresent(
                key, (k, before) -> at <= 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(at))));
    }
}
