package io.openshell.model.settings;

import io.openshell.model.AggregateState;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Settings of the gateway, or of one sandbox.
 *
 * @param values by key; one a newer release knows is kept, and means nothing here
 * @param revision how often one was changed
 */
public record Settings(SortedMap<String, SettingValue> values, long revision) implements AggregateState {

    /** Nothing was ever set. */
    public static final Settings NONE = new Settings(new TreeMap<>(), 0);

    public Settings {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** The value of a setting, where it is set. */
    public Optional<SettingValue> find(SettingKey key) {
        return Optional.ofNullable(values.get(key.key()));
    }

    /** With one setting changed, or deleted. */
    public Settings with(String key, Optional<SettingValue> value) {
        SortedMap<String, SettingValue> next = new TreeMap<>(values);
        value.ifPresentOrElse(given -> next.put(key, given), () -> next.remove(key));
        return new Settings(next, revision + 1);
    }
}
