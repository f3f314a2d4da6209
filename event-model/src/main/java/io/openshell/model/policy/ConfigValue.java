package io.openshell.model.policy;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A free-form configuration value, as in JSON. */
public sealed interface ConfigValue {
    /** The absent value. */
    record Nothing() implements ConfigValue {}

    /** A truth value. */
    record Flag(boolean value) implements ConfigValue {}

    /** A number; the wire knows only doubles. */
    record Number(double value) implements ConfigValue {}

    /** A text. */
    record Text(String value) implements ConfigValue {}

    /** Values in order. */
    record Items(List<ConfigValue> values) implements ConfigValue {
        public Items {
            values = List.copyOf(values);
        }
    }

    /** Values by name. */
    record Fields(SortedMap<String, ConfigValue> values) implements ConfigValue {
        public Fields {
            values = Sorted.copyOf(values);
        }

        /** No values. */
        public static Fields none() {
            return new Fields(Sorted.copyOf(Map.of()));
        }
    }
}
