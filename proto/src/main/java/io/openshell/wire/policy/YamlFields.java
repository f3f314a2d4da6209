package io.openshell.wire.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The entries of a map whose keys the schema fixes; absent keys have the schema's default. */
final class YamlFields {
    /** Reads one value into an object. */
    interface Reader<T> {
        T read(YamlNode node) throws PolicyParseException;
    }

    private final YamlNode owner;
    private final Map<String, YamlNode> entries;

    YamlFields(YamlNode owner, Map<String, YamlNode> entries) {
        this.owner = owner;
        this.entries = entries;
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    YamlNode required(String key) throws PolicyParseException {
        YamlNode value = entries.get(key);
        if (value == null) {
            throw owner.problem("'" + key + "' is missing");
        }
        return value;
    }

    String text(String key) throws PolicyParseException {
        YamlNode value = entries.get(key);
        return value == null ? "" : value.text();
    }

    boolean flag(String key) throws PolicyParseException {
        YamlNode value = entries.get(key);
        return value != null && value.flag();
    }

    Optional<Boolean> optionalFlag(String key) throws PolicyParseException {
        YamlNode value = entries.get(key);
        return value == null ? Optional.empty() : Optional.of(value.flag());
    }

    /** An unsigned 32-bit number, 0 when absent. */
    long unsigned(String key) throws PolicyParseException {
        YamlNode value = entries.get(key);
        return value == null ? 0 : value.number(0, 0xffff_ffffL);
    }

    List<String> texts(String key) throws PolicyParseException {
        YamlNode value = entries.get(key);
        return value == null ? List.of() : value.texts();
    }

    <T> List<T> list(String key, Reader<T> reader) throws PolicyParseException {
        YamlNode value = entries.get(key);
        List<T> found = new ArrayList<>();
        if (value != null) {
            for (YamlNode item : value.items()) {
                found.add(reader.read(item));
            }
        }
        return found;
    }

    <T> SortedMap<String, T> map(String key, Reader<T> reader) throws PolicyParseException {
        YamlNode value = entries.get(key);
        SortedMap<String, T> found = new TreeMap<>();
        if (value != null && !value.isNull()) {
            for (Map.Entry<String, YamlNode> entry : value.entries().entrySet()) {
                found.put(entry.getKey(), reader.read(entry.getValue()));
            }
        }
        return found;
    }

    /** A section; absent, or left empty after its key, it is not there. */
    <T> Optional<T> section(String key, Reader<T> reader) throws PolicyParseException {
        YamlNode value = entries.get(key);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(reader.read(value));
    }
}
