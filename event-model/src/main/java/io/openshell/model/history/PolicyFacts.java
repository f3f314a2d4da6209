package io.openshell.model.history;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.MiddlewareConfig;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.RequestMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** The facts of a policy: one per path, rule, endpoint, program and middleware. Pure. */
final class PolicyFacts {

    private PolicyFacts() {}

    static void of(PolicyDocument policy, SortedMap<String, String> facts) {
        policy.filesystem().ifPresent(files -> {
            facts.put("policy.filesystem.include_workdir", Boolean.toString(files.includeWorkdir()));
            files.readOnly().forEach(path -> facts.put("policy.filesystem.read_only " + path, ""));
            files.readWrite().forEach(path -> facts.put("policy.filesystem.read_write " + path, ""));
        });
        policy.landlock().ifPresent(landlock -> facts.put("policy.landlock", landlock.compatibility()));
        policy.process().ifPresent(process -> {
            StateFacts.put(facts, "policy.process.run_as_user", process.runAsUser());
            StateFacts.put(facts, "policy.process.run_as_group", process.runAsGroup());
        });
        policy.networkPolicies().forEach((key, rule) -> rule("policy.network." + key, rule, facts));
        policy.middlewares().forEach((key, middleware) -> facts.put("policy.middleware." + key, text(middleware)));
    }

    static void rule(String path, NetworkRule rule, SortedMap<String, String> facts) {
        facts.put(path, rule.name());
        rule.binaries().forEach(binary -> facts.put(path + ".binary " + binary.path(), ""));
        for (NetworkEndpoint endpoint : rule.endpoints()) {
            String name = path + ".endpoint " + name(endpoint);
            // Two endpoints may speak of one destination, for example with other paths.
            facts.merge(name, text(endpoint), (one, other) -> one + " | " + other);
        }
    }

    private static String name(NetworkEndpoint endpoint) {
        String host = endpoint.host().isEmpty() ? String.join(",", endpoint.allowedIps()) : endpoint.host();
        return host + ":" + endpoint.ports().stream().map(String::valueOf).collect(Collectors.joining(",")) + endpoint.path();
    }

    /** Every setting that is not the usual one; {@link NetworkEndpoint} decides what belongs to an endpoint. */
    private static String text(NetworkEndpoint endpoint) {
        List<String> parts = new ArrayList<>();
        add(parts, "protocol", endpoint.protocol());
        add(parts, "tls", endpoint.tls());
        add(parts, "enforcement", endpoint.enforcement());
        add(parts, "access", endpoint.access());
        add(parts, "allowed_ips", String.join(",", endpoint.allowedIps()));
        endpoint.rules().forEach(rule -> parts.add("allow(" + text(rule) + ")"));
        endpoint.denyRules().forEach(deny -> parts.add("deny(" + text(deny) + ")"));
        NetworkEndpoint usual = NetworkEndpoint.builder(endpoint.host(), endpoint.ports().toArray(Integer[]::new)).build();
        addUnless(parts, "flags", usual.flags(), endpoint.flags());
        addUnless(parts, "graphql", usual.graphql(), endpoint.graphql());
        addUnless(parts, "max_body_bytes", usual.jsonRpcMaxBodyBytes(), endpoint.jsonRpcMaxBodyBytes());
        addUnless(parts, "mcp", usual.mcp(), endpoint.mcp());
        addUnless(parts, "signing", usual.signing(), endpoint.signing());
        addUnless(parts, "credential", usual.credentialBinding(), endpoint.credentialBinding());
        addUnless(parts, "provenance", usual.provenance(), endpoint.provenance());
        return String.join(" ", parts);
    }

    private static String text(AllowRule rule) {
        return rule.allow().map(PolicyFacts::text).orElse("nothing");
    }

    private static String text(RequestMatch match) {
        List<String> parts = new ArrayList<>();
        add(parts, "method", match.method());
        add(parts, "path", match.path());
        add(parts, "command", match.command());
        add(parts, "operation_type", match.operationType());
        add(parts, "operation_name", match.operationName());
        add(parts, "fields", String.join(",", match.fields()));
        match.query().forEach((key, value) -> parts.add("query." + key + "=" + value));
        match.params().forEach((key, value) -> parts.add("params." + key + "=" + value));
        return String.join(" ", parts);
    }

    private static String text(MiddlewareConfig middleware) {
        String hosts = middleware.endpoints()
                .map(each -> " include=" + each.include() + " exclude=" + each.exclude())
                .orElse("");
        return middleware.middleware() + " order=" + middleware.order() + " settings="
                + middleware.config().values().keySet() + " on_error=" + middleware.onError() + hosts;
    }

    private static void add(List<String> parts, String name, String value) {
        if (!value.isEmpty()) {
            parts.add(name + "=" + value);
        }
    }

    private static void addUnless(List<String> parts, String name, Object usual, Object value) {
        if (!usual.equals(value)) {
            parts.add(name + "=" + value);
        }
    }
}
