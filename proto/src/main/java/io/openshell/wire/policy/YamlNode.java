package io.openshell.wire.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A value of the text together with its path, read by what the schema expects at that place. */
final class YamlNode {
    private static final Set<Tag> PLAIN_TAGS = Set.of(
            Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MAP, Tag.SEQ, Tag.MERGE, new Tag("tag:yaml.org,2002:value"));
    private static final int MAX_DEPTH = 32;

    private final Node node;
    private final String path;
    private final int depth;
    private final YamlBudget budget;

    private YamlNode(Node node, String path, int depth, YamlBudget budget) throws PolicyParseException {
        this.node = node;
        this.path = path;
        this.depth = depth;
        this.budget = budget;
        if (depth > MAX_DEPTH) {
            throw problem("nested more than " + MAX_DEPTH + " levels deep");
        }
        if (!budget.spend()) {
            throw problem("the document has too many values");
        }
        if (!PLAIN_TAGS.contains(node.getTag())) {
            throw problem("tag " + node.getTag() + " is not supported");
        }
    }

    static YamlNode root(Node node) throws PolicyParseException {
        return new YamlNode(node, "", 0, new YamlBudget());
    }

    String path() {
        return path;
    }

    PolicyParseException problem(String text) {
        return problemAt(node, path, text);
    }

    boolean isNull() {
        return node instanceof ScalarNode scalar && scalar.isPlain() && YamlScalars.isNull(scalar.getValue());
    }

    boolean isMap() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** The text of a scalar. Numbers and truth words count as the text that is written, so that {@code 1000} need not be quoted. */
    String text() throws PolicyParseException {
        if (node instanceof ScalarNode scalar && !isNull()) {
            return scalar.getValue();
        }
        throw problem("must be a text");
    }

    boolean flag() throws PolicyParseException {
        if (node instanceof ScalarNode scalar && scalar.isPlain()) {
            return YamlScalars.flag(scalar.getValue()).orElseThrow(() -> problem("must be true or false"));
        }
        throw problem("must be true or false");
    }

    long number(long min, long max) throws PolicyParseException {
        if (node instanceof ScalarNode scalar && scalar.isPlain() && scalar.getValue().matches("[-+]?[0-9]{1,18}")) {
            long value = Long.parseLong(scalar.getValue());
            if (value >= min && value <= max) {
                return value;
            }
        }
        throw problem("must be a whole number from " + min + " to " + max);
    }

    List<YamlNode> items() throws PolicyParseException {
        if (!(node instanceof SequenceNode sequence)) {
            throw problem("must be a list");
        }
        List<YamlNode> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(new YamlNode(item, path + "[" + items.size() + "]", depth + 1, budget));
        }
        return items;
    }

    List<String> texts() throws PolicyParseException {
        List<String> texts = new ArrayList<>();
        for (YamlNode item : items()) {
            texts.add(item.text());
        }
        return texts;
    }

    /** All entries, whatever their keys, in the order written. */
    Map<String, YamlNode> entries() throws PolicyParseException {
        if (!(node instanceof MappingNode mapping)) {
            throw problem("must be a map");
        }
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key) || key.getTag().equals(Tag.MERGE)) {
                throw problemAt(tuple.getKeyNode(), path, "keys must be plain texts; merge keys are not supported");
            }
            String inner = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            YamlNode value = new YamlNode(tuple.getValueNode(), inner, depth + 1, budget);
            if (entries.put(key.getValue(), value) != null) {
                throw problemAt(key, inner, "the key is there twice");
            }
        }
        return entries;
    }

    /** The entries of a map with a fixed set of keys; any other key is refused by name. */
    YamlFields fields(Set<String> known) throws PolicyParseException {
        Map<String, YamlNode> entries = entries();
        for (NodeTuple tuple : ((MappingNode) node).getValue()) {
            String key = ((ScalarNode) tuple.getKeyNode()).getValue();
            if (!known.contains(key)) {
                String hint = YamlScalars.closest(key, known).map(near -> ", did you mean '" + near + "'?").orElse("");
                throw problemAt(tuple.getKeyNode(), entries.get(key).path, "unknown key '" + key + "'" + hint);
            }
        }
        return new YamlFields(this, entries);
    }

    boolean isPlainScalar() {
        return node instanceof ScalarNode scalar && scalar.isPlain();
    }

    private static PolicyParseException problemAt(Node at, String path, String text) {
        Mark mark = at.getStartMark();
        return new PolicyParseException(
                new PolicyParseException.Place(mark.getLine() + 1, mark.getColumn() + 1, path), text);
    }
}
