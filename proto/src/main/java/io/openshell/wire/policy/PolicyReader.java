package io.openshell.wire.policy;

import io.openshell.model.policy.ConfigValue;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.LandlockPolicy;
import io.openshell.model.policy.MiddlewareConfig;
import io.openshell.model.policy.MiddlewareSelector;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.ProcessPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the document and its sections. */
final class PolicyReader {
    private static final Set<String> DOCUMENT = Set.of(
            "version", "filesystem_policy", "landlock", "process", "network_policies", "network_middlewares");
    private static final Set<String> MIDDLEWARE = Set.of("name", "middleware", "order", "config", "on_error", "endpoints");
    private static final double EXACT_LIMIT = 0x1p53;

    private PolicyReader() {}

    static PolicyDocument read(YamlNode root) throws PolicyParseException {
        YamlFields fields = root.fields(DOCUMENT);
        return new PolicyDocument(
                (int) fields.required("version").number(0, Integer.MAX_VALUE),
                fields.section("filesystem_policy", PolicyReader::filesystem),
                fields.section("landlock", node -> new LandlockPolicy(node.fields(Set.of("compatibility")).text("compatibility"))),
                fields.section("process", PolicyReader::process),
                fields.map("network_policies", PolicyReader::rule),
                fields.map("network_middlewares", PolicyReader::middleware));
    }

    private static FilesystemPolicy filesystem(YamlNode node) throws PolicyParseException {
        YamlFields fields = node.fields(Set.of("include_workdir", "read_only", "read_write"));
        return new FilesystemPolicy(fields.flag("include_workdir"), fields.texts("read_only"), fields.texts("read_write"));
    }

    private static ProcessPolicy process(YamlNode node) throws PolicyParseException {
        YamlFields fields = node.fields(Set.of("run_as_user", "run_as_group"));
        return new ProcessPolicy(fields.text("run_as_user"), fields.text("run_as_group"));
    }

    private static NetworkRule rule(YamlNode node) throws PolicyParseException {
        YamlFields fields = node.fields(Set.of("name", "endpoints", "binaries"));
        return new NetworkRule(
                fields.text("name"), fields.list("endpoints", EndpointReader::read), fields.list("binaries", PolicyReader::binary));
    }

    private static NetworkBinary binary(YamlNode node) throws PolicyParseException {
        YamlFields fields = node.fields(Set.of("path", "harness"));
        // Read for its type only: the mark has no meaning any more.
        fields.optionalFlag("harness");
        return new NetworkBinary(fields.required("path").text());
    }

    private static MiddlewareConfig middleware(YamlNode node) throws PolicyParseException {
        YamlFields fields = node.fields(MIDDLEWARE);
        int order = fields.has("order") ? (int) fields.required("order").number(Integer.MIN_VALUE, Integer.MAX_VALUE) : 0;
        Optional<MiddlewareSelector> selector = fields.section("endpoints", PolicyReader::selector);
        return new MiddlewareConfig(fields.text("name"), fields.text("middleware"), order,
                new ConfigValue.Fields(fields.map("config", PolicyReader::value)), fields.text("on_error"), selector);
    }

    private static MiddlewareSelector selector(YamlNode node) throws PolicyParseException {
        YamlFields fields = node.fields(Set.of("include", "exclude"));
        return new MiddlewareSelector(fields.texts("include"), fields.texts("exclude"));
    }

    private static ConfigValue value(YamlNode node) throws PolicyParseException {
        if (node.isMap()) {
            SortedMap<String, ConfigValue> inner = new TreeMap<>();
            for (Map.Entry<String, YamlNode> entry : node.entries().entrySet()) {
                inner.put(entry.getKey(), value(entry.getValue()));
            }
            return new ConfigValue.Fields(inner);
        }
        if (node.isList()) {
            List<ConfigValue> inner = new ArrayList<>();
            for (YamlNode item : node.items()) {
                inner.add(value(item));
            }
            return new ConfigValue.Items(inner);
        }
        return scalar(node);
    }

    private static ConfigValue scalar(YamlNode node) throws PolicyParseException {
        if (node.isNull()) {
            return new ConfigValue.Nothing();
        }
        String text = node.text();
        if (!node.isPlainScalar()) {
            return new ConfigValue.Text(text);
        }
        Optional<Boolean> flag = YamlScalars.flag(text);
        if (flag.isPresent()) {
            return new ConfigValue.Flag(flag.get());
        }
        Optional<Double> number = YamlScalars.number(text);
        if (number.isPresent() && text.matches("[-+]?[0-9]+") && Math.abs(number.get()) > EXACT_LIMIT) {
            throw node.problem("the number is too large to be kept exactly; quote it");
        }
        return number.<ConfigValue>map(ConfigValue.Number::new).orElseGet(() -> new ConfigValue.Text(text));
    }
}
