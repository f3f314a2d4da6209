package io.openshell.wire.policy;

import io.openshell.model.policy.ConfigValue;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.MiddlewareConfig;
import io.openshell.model.policy.MiddlewareSelector;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.ProcessPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Turns a document into the tree of its canonical text. */
final class PolicyWriter {
    private PolicyWriter() {}

    static Map<String, Object> write(PolicyDocument document) {
        YamlTree tree = new YamlTree();
        tree.always("version", (long) document.version());
        document.filesystem().ifPresent(section -> tree.always("filesystem_policy", filesystem(section)));
        document.landlock().ifPresent(section ->
                tree.always("landlock", new YamlTree().text("compatibility", section.compatibility()).map()));
        document.process().ifPresent(section -> tree.always("process", process(section)));
        if (!document.networkPolicies().isEmpty()) {
            Map<String, Object> rules = new LinkedHashMap<>();
            document.networkPolicies().forEach((key, rule) -> rules.put(key, rule(rule)));
            tree.always("network_policies", rules);
        }
        if (!document.middlewares().isEmpty()) {
            Map<String, Object> middlewares = new LinkedHashMap<>();
            document.middlewares().forEach((key, config) -> middlewares.put(key, middleware(config)));
            tree.always("network_middlewares", middlewares);
        }
        return tree.map();
    }

    private static Map<String, Object> filesystem(FilesystemPolicy section) {
        return new YamlTree().flag("include_workdir", section.includeWorkdir())
                .list("read_only", section.readOnly()).list("read_write", section.readWrite()).map();
    }

    private static Map<String, Object> process(ProcessPolicy section) {
        return new YamlTree().text("run_as_user", section.runAsUser()).text("run_as_group", section.runAsGroup()).map();
    }

    private static Map<String, Object> rule(NetworkRule rule) {
        return new YamlTree().text("name", rule.name())
                .list("endpoints", rule.endpoints().stream().map(EndpointWriter::write).toList())
                .list("binaries", rule.binaries().stream().map(binary -> Map.of("path", binary.path())).toList()).map();
    }

    private static Map<String, Object> middleware(MiddlewareConfig config) {
        YamlTree tree = new YamlTree().text("name", config.name()).text("middleware", config.middleware())
                .number("order", config.order()).text("on_error", config.onError());
        if (!config.config().values().isEmpty()) {
            tree.always("config", value(config.config()));
        }
        config.endpoints().ifPresent(selector -> tree.always("endpoints", selector(selector)));
        return tree.map();
    }

    private static Map<String, Object> selector(MiddlewareSelector selector) {
        return new YamlTree().list("include", selector.include()).list("exclude", selector.exclude()).map();
    }

    private static Object value(ConfigValue value) {
        return switch (value) {
            case ConfigValue.Nothing nothing -> new YamlText.Absent();
            case ConfigValue.Flag flag -> flag.value();
            case ConfigValue.Number number -> number.value();
            case ConfigValue.Text text -> text.value();
            case ConfigValue.Items items -> items.values().stream().map(PolicyWriter::value).toList();
            case ConfigValue.Fields fields -> {
                Map<String, Object> inner = new TreeMap<>();
                fields.values().forEach((name, field) -> inner.put(name, value(field)));
                yield inner;
            }
        };
    }
}
