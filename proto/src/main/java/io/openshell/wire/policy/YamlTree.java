package io.openshell.wire.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the keys of one map to write, leaving out what has its default value. */
final class YamlTree {
    private final Map<String, Object> map = new LinkedHashMap<>();

    YamlTree always(String key, Object value) {
        map.put(key, value);
        return this;
    }

    YamlTree text(String key, String value) {
        return value.isEmpty() ? this : always(key, value);
    }

    YamlTree flag(String key, boolean value) {
        return value ? always(key, true) : this;
    }

    YamlTree number(String key, long value) {
        return value == 0 ? this : always(key, value);
    }

    YamlTree list(String key, List<?> values) {
        return values.isEmpty() ? this : always(key, values);
    }

    YamlTree nested(String key, Map<String, Object> values) {
        return values.isEmpty() ? this : always(key, values);
    }

    Map<String, Object> map() {
        return map;
    }
}
