package io.openshell.wire.policy;

import io.openshell.model.policy.PolicyDocument;
import io.openshell.wire.policy.PolicyParseException.Place;
import java.io.StringReader;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * The policy document as YAML text. Parsing is strict about structure (unknown keys, types, ranges) and says where the problem
 * stands; whether the values make sense is for {@link io.openshell.model.policy.PolicyValidator}. Thread safe.
 */
public final class PolicyYaml {
    /** Longest text that is looked at, in characters. */
    public static final int MAX_CHARACTERS = 1 << 20;

    private static final int MAX_ALIASES = 16;
    private static final int MAX_NESTING = 32;

    private PolicyYaml() {}

    /**
     * Reads a document.
     *
     * @throws PolicyParseException if the text is not exactly one policy document; nothing of it may be applied then
     */
    public static PolicyDocument parse(String text) throws PolicyParseException {
        if (text.length() > MAX_CHARACTERS) {
            throw new PolicyParseException(new Place(0, 0, ""), "the text is longer than " + MAX_CHARACTERS + " characters");
        }
        return PolicyReader.read(YamlNode.root(compose(text)));
    }

    /**
     * Writes a document in its canonical form: sorted map keys, one port as {@code port}, empty parts left out. Facts the control
     * plane set ({@link io.openshell.model.policy.Provenance}) are not written; everything else survives {@link #parse}.
     */
    public static String write(PolicyDocument document) {
        return YamlText.of(PolicyWriter.write(document));
    }

    private static Node compose(String text) throws PolicyParseException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setNestingDepthLimit(MAX_NESTING);
        options.setAllowRecursiveKeys(false);
        try {
            Node root = new Yaml(options).compose(new StringReader(text));
            if (root == null) {
                throw new PolicyParseException(new Place(1, 1, ""), "the text is empty");
            }
            return root;
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            Place place = mark == null ? new Place(0, 0, "") : new Place(mark.getLine() + 1, mark.getColumn() + 1, "");
            throw new PolicyParseException(place, "not well-formed YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new PolicyParseException(new Place(0, 0, ""), "not acceptable YAML: " + e.getMessage());
        }
    }
}
