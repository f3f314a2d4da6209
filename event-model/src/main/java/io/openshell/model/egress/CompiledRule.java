package io.openshell.model.egress;

import io.openshell.model.policy.Glob;
import io.openshell.model.policy.QueryMatcher;
import io.openshell.model.policy.RequestMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One allow or deny rule with its patterns compiled.
 *
 * @param text the rule in words
 * @param methods upper-case methods; empty for every method
 * @param path path pattern; empty for every path
 * @param query matchers by decoded query name
 * @param usable false when the rule, being an allow rule, grants nothing
 */
record CompiledRule(
        String text, Set<String> methods, Optional<Glob> path, List<QueryRule> query, boolean usable) {

    record QueryRule(String name, List<Glob> globs) {
        boolean matches(String value) {
            return globs.stream().anyMatch(glob -> glob.matches(value));
        }
    }

    /** A rule about some methods on every path. */
    static CompiledRule preset(String text, String... methods) {
        return new CompiledRule(text, Set.of(methods), Optional.empty(), List.of(), true);
    }

    /** An allow rule must say both method and path: a part left out by mistake must not open everything. */
    static CompiledRule allow(RequestMatch match) {
        boolean usable = !match.method().isEmpty() && !match.path().isEmpty() && isHttp(match);
        return of("allow ", match, usable);
    }

    /** A part a deny rule leaves out does not restrict it. */
    static CompiledRule deny(RequestMatch match) {
        return of("deny ", match, true);
    }

    private static CompiledRule of(String verb, RequestMatch match, boolean usable) {
        String method = match.method().isEmpty() ? "*" : match.method().toUpperCase(Locale.ROOT);
        Set<String> methods = method.equals("*") ? Set.of() : Set.of(method);
        Optional<Glob> path = Optional.of(match.path())
                .filter(text -> !text.isEmpty() && !text.equals("**")).map(Glob::path);
        List<QueryRule> query = new ArrayList<>();
        match.query().forEach((name, matcher) -> query.add(new QueryRule(name, globs(matcher))));
        String text = verb + method + " " + (match.path().isEmpty() ? "(no path)" : match.path()) + queryText(match.query());
        return new CompiledRule(text, methods, path, List.copyOf(query), usable);
    }

    private static String queryText(Map<String, QueryMatcher> query) {
        return query.isEmpty() ? "" : " with query " + String.join(", ", query.keySet());
    }

    private static List<Glob> globs(QueryMatcher matcher) {
        Stream<String> single = Stream.of(matcher.glob()).filter(glob -> !glob.isEmpty());
        return Stream.concat(single, matcher.any().stream()).map(Glob::value).toList();
    }

    private static boolean isHttp(RequestMatch match) {
        return !match.hasGraphql() && match.params().isEmpty() && match.command().isEmpty();
    }

    /** The first part that keeps this allow rule from covering a request. */
    NearestRule.Miss missAsAllow(String method, String requestPath, QueryValues values) {
        if (!usable) {
            return NearestRule.Miss.RULE_GRANTS_NOTHING;
        }
        NearestRule.Miss miss = miss(method, requestPath);
        return miss != NearestRule.Miss.NONE || query.stream().allMatch(rule -> allMatch(rule, values))
                ? miss : NearestRule.Miss.QUERY;
    }

    /** Whether this deny rule covers a request: one bad value of a name is enough, a name not there is no match. */
    boolean denies(String method, String requestPath, QueryValues values) {
        return missAsDeny(method, requestPath) == NearestRule.Miss.NONE
                && query.stream().allMatch(rule -> values.of(rule.name()).stream().anyMatch(rule::matches));
    }

    private NearestRule.Miss missAsDeny(String method, String requestPath) {
        // A pattern that cannot be read refuses everything rather than nothing.
        boolean everywhere = path.map(glob -> !glob.isValid()).orElse(false);
        return everywhere && coversMethod(method) ? NearestRule.Miss.NONE : miss(method, requestPath);
    }

    private NearestRule.Miss miss(String method, String requestPath) {
        boolean onPath = path.isEmpty() || path.get().matches(requestPath);
        if (!coversMethod(method)) {
            return NearestRule.Miss.METHOD;
        }
        return onPath ? NearestRule.Miss.NONE : NearestRule.Miss.PATH;
    }

    private boolean coversMethod(String method) {
        return methods.isEmpty() || methods.contains(method) || method.equals("HEAD") && methods.contains("GET");
    }

    boolean coversPath(String requestPath) {
        return path.isEmpty() || path.get().matches(requestPath);
    }

    private static boolean allMatch(QueryRule rule, QueryValues values) {
        List<String> given = values.of(rule.name());
        return !given.isEmpty() && given.stream().allMatch(rule::matches);
    }
}
