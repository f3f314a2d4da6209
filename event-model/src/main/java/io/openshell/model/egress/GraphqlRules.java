package io.openshell.model.egress;

import io.openshell.model.policy.AccessPreset;
import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.Glob;
import io.openshell.model.policy.GraphqlOperation;
import io.openshell.model.policy.Inspection;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.RequestMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rules of an endpoint about GraphQL operations.
 *
 * @param allow its allow rules, a preset among them
 * @param deny its deny rules
 * @param registry operations that may be asked for by hash or id; empty unless the endpoint allows that
 * @param limit largest body in bytes
 */
record GraphqlRules(List<Rule> allow, List<Rule> deny, Map<String, GraphqlOperation> registry, long limit) {
    private static final long USUAL_LIMIT = 65_536;

    /**
     * One rule.
     *
     * @param text the rule in words
     * @param types which types of operations; empty for all
     * @param name which names; empty for all, and for none
     * @param fields which fields at the root; empty for all
     */
    record Rule(String text, Set<String> types, Optional<Glob> name, List<Glob> fields) {
        /** Whether it allows an operation: every one of its fields must be named. */
        boolean allows(GraphqlCall.Written call) {
            return isAbout(call) && (fields.isEmpty() || call.fields().stream().allMatch(this::names));
        }

        /** Whether it refuses an operation: one of its fields is enough. */
        boolean denies(GraphqlCall.Written call) {
            return isAbout(call) && (fields.isEmpty() || call.fields().stream().anyMatch(this::names));
        }

        boolean isAbout(GraphqlCall.Written call) {
            return (types.isEmpty() || types.contains(call.type())) && (name.isEmpty() || name.get().matches(call.name()));
        }

        private boolean names(String field) {
            return fields.stream().anyMatch(glob -> glob.matches(field));
        }
    }

    static GraphqlRules compile(NetworkEndpoint endpoint) {
        List<Rule> allow = new ArrayList<>();
        for (AllowRule rule : endpoint.rules()) {
            // What an allow rule leaves out by mistake must not open everything.
            rule.allow().filter(match -> !match.operationType().isEmpty()).ifPresent(match -> allow.add(rule("allow ", match)));
        }
        preset(endpoint).ifPresent(allow::add);
        // In a WebSocket a deny rule may be about the transport instead, which says nothing about operations.
        boolean websocket = endpoint.inspection().equals(Optional.of(Inspection.WEBSOCKET));
        List<Rule> deny = endpoint.denyRules().stream().filter(match -> !websocket || match.hasGraphql())
                .map(match -> rule("deny ", match)).toList();
        boolean stored = endpoint.graphql().persistedQueries().equals("allow_registered");
        long limit = endpoint.graphql().maxBodyBytes() == 0 ? USUAL_LIMIT : endpoint.graphql().maxBodyBytes();
        return new GraphqlRules(List.copyOf(allow), deny, stored ? endpoint.graphql().registry() : Map.of(), limit);
    }

    private static Rule rule(String verb, RequestMatch match) {
        boolean every = match.operationType().isEmpty() || match.operationType().equals("*");
        Optional<Glob> name = Optional.of(match.operationName()).filter(text -> !text.isEmpty()).map(Glob::value);
        String text = verb + (every ? "*" : match.operationType())
                + (match.operationName().isEmpty() ? "" : " " + match.operationName())
                + (match.fields().isEmpty() ? "" : " of " + String.join(", ", match.fields()));
        return new Rule(text, every ? Set.of() : Set.of(match.operationType()), name,
                match.fields().stream().map(Glob::value).toList());
    }

    private static Optional<Rule> preset(NetworkEndpoint endpoint) {
        String text = "access " + endpoint.access();
        if (endpoint.inspection().equals(Optional.of(Inspection.WEBSOCKET))) {
            return switch (endpoint.accessPreset().orElse(AccessPreset.NONE)) {
                case NONE, READ_ONLY -> Optional.empty();
                case READ_WRITE, FULL -> Optional.of(new Rule(text, Set.of(), Optional.empty(), List.of()));
            };
        }
        return switch (endpoint.accessPreset().orElse(AccessPreset.NONE)) {
            case NONE -> Optional.empty();
            case READ_ONLY -> Optional.of(new Rule(text, Set.of("query"), Optional.empty(), List.of()));
            case READ_WRITE -> Optional.of(new Rule(text, Set.of("query", "mutation"), Optional.empty(), List.of()));
            case FULL -> Optional.of(new Rule(text, Set.of(), Optional.empty(), List.of()));
        };
    }
}
