package io.openshell.model.egress;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.Glob;
import io.openshell.model.policy.Inspection;
import io.openshell.model.policy.McpOptions;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.QueryMatcher;
import io.openshell.model.policy.RequestMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rules of an endpoint about calls in JSON-RPC.
 *
 * @param allow its allow rules
 * @param deny its deny rules
 * @param allKnown whether calls need no rule, except calls of tools when a rule names one
 * @param strictNames whether unusual names of tools are refused
 * @param limit largest body in bytes
 */
record RpcRules(List<Rule> allow, List<Rule> deny, boolean allKnown, boolean strictNames, long limit) {
    static final String TOOLS_CALL = "tools/call";

    private static final long USUAL_LIMIT = 65_536;

    /**
     * One rule.
     *
     * @param text the rule in words
     * @param method which methods; empty for every method
     * @param tools which tools; empty when it is not about single tools
     */
    record Rule(String text, Optional<Glob> method, List<Glob> tools) {
        boolean covers(RpcCall call) {
            boolean named = method.isEmpty() || method.get().matches(call.method());
            return named && (tools.isEmpty() || call.tool().map(this::coversTool).orElse(false));
        }

        private boolean coversTool(String tool) {
            return tools.stream().anyMatch(glob -> glob.matches(tool));
        }
    }

    static RpcRules compile(NetworkEndpoint endpoint) {
        boolean mcp = endpoint.inspection().equals(Optional.of(Inspection.MCP));
        boolean allKnown = mcp && endpoint.mcp().map(McpOptions::allowsAllKnownMethods).orElse(false);
        List<Rule> allow = new ArrayList<>();
        for (AllowRule rule : endpoint.rules()) {
            // Without a method a rule says something only where every method is allowed anyway.
            rule.allow().filter(match -> !match.method().isEmpty() || allKnown)
                    .ifPresent(match -> allow.add(rule("allow ", match)));
        }
        List<Rule> deny = endpoint.denyRules().stream().map(match -> rule("deny ", match)).toList();
        long limit = endpoint.jsonRpcMaxBodyBytes() == 0 ? USUAL_LIMIT : endpoint.jsonRpcMaxBodyBytes();
        return new RpcRules(List.copyOf(allow), deny, allKnown, endpoint.mcp().map(McpOptions::strict).orElse(true), limit);
    }

    private static Rule rule(String verb, RequestMatch match) {
        List<Glob> tools = Optional.ofNullable(match.params().get(RequestMatch.TOOL_PARAM)).map(RpcRules::globs).orElse(List.of());
        String method = !match.method().isEmpty() ? match.method() : tools.isEmpty() ? "*" : TOOLS_CALL;
        Optional<Glob> pattern = method.equals("*") ? Optional.empty() : Optional.of(Glob.value(method));
        String text = verb + method + (tools.isEmpty() ? "" : " of " + String.join(", ", tools.stream().map(Glob::toString).toList()));
        return new Rule(text, pattern, tools);
    }

    private static List<Glob> globs(QueryMatcher matcher) {
        Stream<String> single = Stream.of(matcher.glob()).filter(glob -> !glob.isEmpty());
        return Stream.concat(single, matcher.any().stream()).map(Glob::value).toList();
    }

    /** Whether this endpoint lets a call pass without a rule that covers it. */
    boolean allowsUnruled(RpcCall call) {
        boolean toolRules = allow.stream().anyMatch(rule -> !rule.tools().isEmpty());
        return allKnown && !(toolRules && call.method().equals(TOOLS_CALL));
    }
}
