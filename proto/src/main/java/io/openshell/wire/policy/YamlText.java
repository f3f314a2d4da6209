package io.openshell.wire.policy;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Writes a tree of maps, lists, texts, numbers and truth values so that reading it gives the same tree. */
final class YamlText {
    private static final int NEVER_FOLD = 1 << 20;

    private YamlText() {}

    static String of(Map<String, Object> tree) {
        DumperOptions options = new DumperOptions();
        options.setWidth(NEVER_FOLD);
        options.setSplitLines(false);
        StringWriter text = new StringWriter();
        new Yaml(options).serialize(node(tree), text);
        return text.toString();
    }

    private static Node node(Object value) {
        return switch (value) {
            case Map<?, ?> map -> map(map);
            case List<?> list -> {
                List<Node> items = new ArrayList<>();
                list.forEach(item -> items.add(node(item)));
                yield new SequenceNode(Tag.SEQ, items, items.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
            }
            case String text -> text(text);
            case Boolean flag -> plain(Tag.BOOL, flag.toString());
            case Long number -> plain(Tag.INT, number.toString());
            case Double number -> plain(number);
            case Absent absent -> plain(Tag.NULL, "null");
            default -> throw new IllegalArgumentException("no YAML form for " + value.getClass().getSimpleName());
        };
    }

    private static Node map(Map<?, ?> map) {
        List<NodeTuple> tuples = new ArrayList<>();
        map.forEach((key, value) -> tuples.add(new NodeTuple(text(key.toString()), node(value))));
        return new MappingNode(Tag.MAP, tuples, tuples.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
    }

    private static Node text(String text) {
        return new ScalarNode(Tag.STR, text, null, null,
                YamlScalars.needsNoQuotes(text) ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
    }

    private static Node plain(double number) {
        if (Double.isNaN(number)) {
            return plain(Tag.FLOAT, ".nan");
        }
        if (Double.isInfinite(number)) {
            return plain(Tag.FLOAT, number > 0 ? ".inf" : "-.inf");
        }
        boolean whole = number == Math.rint(number) && Math.abs(number) < 0x1p53 && Double.doubleToRawLongBits(number) != Long.MIN_VALUE;
        return whole ? plain(Tag.INT, Long.toString((long) number)) : plain(Tag.FLOAT, Double.toString(number));
    }

    private static Node plain(Tag tag, String text) {
        return new ScalarNode(tag, text, null, null, ScalarStyle.PLAIN);
    }

    /** Stands for the null of YAML, which a map cannot hold otherwise. */
    record Absent() {}
}
