package io.openshell.model.provider;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a provider offers at one revision. The secrets themselves are nowhere in here.
 *
 * @param credentials names of the credentials, each with the time from which it must not be used any more, if there is one
 * @param config plain settings, which are no secrets
 * @param bundle name under which the vault keeps the secrets of exactly this revision; empty when there are none
 */
public record ProviderContent(
        SortedMap<String, Optional<Instant>> credentials, SortedMap<String, String> config, String bundle) {

    /** Keeps copies. */
    public ProviderContent {
        credentials = Collections.unmodifiableSortedMap(new TreeMap<>(credentials));
        config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
    }

    /** Credentials that never expire. */
    public static ProviderContent lasting(Iterable<String> keys, Map<String, String> config, String bundle) {
        SortedMap<String, Optional<Instant>> credentials = new TreeMap<>();
        keys.forEach(key -> credentials.put(key, Optional.empty()));
        return new ProviderContent(credentials, new TreeMap<>(config), bundle);
    }

    /** Configuration may be private: only its names are shown. */
    @Override
    public String toString() {
        return "ProviderContent[credentials=" + credentials + ", config=" + config.keySet() + ", bundle=" + bundle + "]";
    }
}
