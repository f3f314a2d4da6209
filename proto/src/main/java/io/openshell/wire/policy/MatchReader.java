package io.openshell.wire.policy;

import io.openshell.model.policy.QueryMatcher;
import io.openshell.model.policy.RequestMatch;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what a rule is about. */
final class MatchReader {
    private static final Set<String> KEYS = Set.of(
            "method", "path", "command", "query", "operation_type", "operation_name", "fields", "tool", "params");

    private MatchReader() {}

    static RequestMatch read(YamlNode node) throws PolicyParseException {
        YamlFields fields = node.fields(KEYS);
        SortedMap<String, QueryMatcher> params = new TreeMap<>();
        if (fields.has("params")) {
            flatten(fields.required("params"), "", params);
        }
        if (fields.has("tool")) {
            YamlNode tool = fields.required("tool");
            if (params.put(RequestMatch.TOOL_PARAM, matcher(tool)) != null) {
                throw tool.problem("the tool is named twice, here and by params.name");
            }
        }
        if (fields.has("fields") && fields.texts("fields").isEmpty()) {
            throw fields.required("fields").problem("must not be empty: leave the key out to match every field");
        }
        return new RequestMatch(fields.text("method"), fields.text("path"), fields.text("command"),
                fields.map("query", MatchReader::matcher), fields.text("operation_type"), fields.text("operation_name"),
                fields.texts("fields"), params);
    }

    private static void flatten(YamlNode node, String prefix, SortedMap<String, QueryMatcher> into) throws PolicyParseException {
        for (Map.Entry<String, YamlNode> entry : node.entries().entrySet()) {
            String name = prefix + entry.getKey();
            YamlNode value = entry.getValue();
            if (value.isMap() && !isMatcher(value)) {
                flatten(value, name + ".", into);
            } else if (into.put(name, matcher(value)) != null) {
                throw value.problem("parameter '" + name + "' is there twice");
            }
        }
    }

    private static boolean isMatcher(YamlNode map) throws PolicyParseException {
        YamlNode any = map.entries().get("any");
        return any != null && any.isList();
    }

    private static QueryMatcher matcher(YamlNode node) throws PolicyParseException {
        if (!node.isMap()) {
            return QueryMatcher.of(node.text());
        }
        YamlNode any = node.fields(Set.of("any")).required("any");
        List<String> globs = any.texts();
        if (globs.isEmpty()) {
            throw any.problem("must name at least one alternative");
        }
        return new QueryMatcher("", globs);
    }
}
