package io.openshell.model.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks of request rules against what the enforcing side understands. */
final class LoadRules {
    private static final String TOOLS_CALL = "tools/call";

    private LoadRules() {}

    private record Placed(Findings findings, RequestMatch match) {}

    static void check(NetworkEndpoint endpoint, Findings findings) {
        List<Placed> allowed = new ArrayList<>();
        for (int i = 0; i < endpoint.rules().size(); i++) {
            Findings at = findings.at("rules", i).at("allow");
            endpoint.rules().get(i).allow().ifPresent(match -> allowed.add(new Placed(at, match)));
        }
        List<Placed> denied = new ArrayList<>();
        for (int i = 0; i < endpoint.denyRules().size(); i++) {
            denied.add(new Placed(findings.at("deny_rules", i), endpoint.denyRules().get(i)));
        }
        List<Placed> all = Stream.concat(allowed.stream(), denied.stream()).toList();
        all.forEach(LoadRules::matchers);
        boolean mcp = endpoint.inspection().equals(Optional.of(Inspection.MCP));
        boolean jsonRpc = endpoint.inspection().equals(Optional.of(Inspection.JSON_RPC));
        if (mcp) {
            findings.at("host").addIf(endpoint.host().isEmpty(), "protocol mcp needs a host");
            all.forEach(placed -> mcp(endpoint, placed));
            unscopedTools(allowed, all);
        } else {
            all.forEach(placed -> placed.findings().addIf(!jsonRpc && !placed.match().params().isEmpty(),
                    "tool and params are only for protocol mcp"));
        }
        if (jsonRpc) {
            all.forEach(LoadRules::jsonRpc);
        }
        if (endpoint.inspection().equals(Optional.of(Inspection.WEBSOCKET))) {
            websocket(allowed, all);
        }
    }

    private static void matchers(Placed placed) {
        RequestMatch match = placed.match();
        each(match.query(), placed.findings().at("query"));
        each(match.params(), placed.findings().at("params"));
        placed.findings().at("path").addIf(!Glob.path(match.path()).isValid(), "is not a usable pattern");
    }

    private static void each(Map<String, QueryMatcher> matchers, Findings findings) {
        matchers.forEach((name, matcher) -> {
            findings.at(name).addIf(matcher.isEmpty(), "names nothing to match");
            findings.at(name).addIf(!matcher.glob().isEmpty() && !matcher.any().isEmpty(), "must be one glob or a list, not both");
        });
    }

    private static void jsonRpc(Placed placed) {
        RequestMatch match = placed.match();
        String method = match.method();
        placed.findings().at("method").addIf(method.isEmpty(), "is needed with protocol json-rpc");
        placed.findings().at("method").addIf(!method.equals("*") && method.chars().anyMatch(c -> "*?[]{}".indexOf(c) >= 0),
                "must be an exact method or '*'");
        placed.findings().addIf(!match.params().isEmpty() || !match.path().isEmpty() || !match.query().isEmpty(),
                "params, tool, path and query are not for protocol json-rpc");
    }

    private static void mcp(NetworkEndpoint endpoint, Placed placed) {
        RequestMatch match = placed.match();
        boolean allKnown = endpoint.mcp().map(McpOptions::allowsAllKnownMethods).orElse(false);
        boolean strict = endpoint.mcp().map(McpOptions::strict).orElse(true);
        String method = match.method();
        placed.findings().at("method").addIf(method.isEmpty() && !allKnown, "is needed with protocol mcp");
        placed.findings().at("method").addIf(hasWildcard(method) && !method.startsWith("tools/"),
                "wildcards are only for methods that start with tools/");
        placed.findings().addIf(!match.path().isEmpty() || !match.query().isEmpty(), "path and query are not for protocol mcp");
        Optional<QueryMatcher> tool = Optional.ofNullable(match.params().get(RequestMatch.TOOL_PARAM));
        placed.findings().at("params").addIf(match.params().size() > (tool.isPresent() ? 1 : 0), "only the tool name can be matched");
        boolean toolPossible = method.equals(TOOLS_CALL) || method.isEmpty() && allKnown;
        placed.findings().at("tool").addIf(tool.isPresent() && !toolPossible, "is only for method " + TOOLS_CALL);
        boolean wild = tool.map(matcher -> hasWildcard(matcher.glob()) || matcher.any().stream().anyMatch(LoadRules::hasWildcard))
                .orElse(false);
        placed.findings().at("tool").addIf(wild && !strict, "wildcards need strict tool names");
    }

    /** Beside rules for single tools, a rule for tool calls without a tool would make them pointless. */
    private static void unscopedTools(List<Placed> allowed, List<Placed> all) {
        boolean scoped = allowed.stream().anyMatch(placed -> placed.match().params().containsKey(RequestMatch.TOOL_PARAM));
        if (scoped) {
            all.stream().filter(placed -> !placed.match().params().containsKey(RequestMatch.TOOL_PARAM))
                    .filter(placed -> Glob.path(placed.match().method()).matches(TOOLS_CALL))
                    .forEach(placed -> placed.findings().add("covers every tool although other rules name single tools"));
        }
    }

    private static void websocket(List<Placed> allowed, List<Placed> all) {
        all.forEach(placed -> placed.findings().addIf(placed.match().hasGraphql()
                        && (!placed.match().method().isEmpty() || !placed.match().path().isEmpty() || !placed.match().query().isEmpty()),
                "transport and GraphQL fields cannot be mixed in one rule"));
        boolean graphql = all.stream().anyMatch(placed -> placed.match().hasGraphql());
        allowed.forEach(placed -> placed.findings().at("method").addIf(
                graphql && placed.match().method().equalsIgnoreCase("WEBSOCKET_TEXT"),
                "allowing every text would bypass the GraphQL rules"));
    }

    private static boolean hasWildcard(String text) {
        return text.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }
}
