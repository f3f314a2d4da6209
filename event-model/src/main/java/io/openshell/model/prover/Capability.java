package io.openshell.model.prover;

import io.openshell.model.policy.AccessPreset;
import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.Glob;
import io.openshell.model.policy.Inspection;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.RequestMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One kind of request that an endpoint lets through.
 *
 * @param protocol how requests are read
 * @param scope path the endpoint is about, empty for all
 */
record Capability(String protocol, String scope, RequestMatch match) {

    private static final String ANY = "*";
    private static final String ANYWHERE = "**";

    /** Everything an endpoint lets through. */
    static List<Capability> of(NetworkEndpoint endpoint) {
        String protocol = endpoint.protocol().toLowerCase(Locale.ROOT);
        if (!endpoint.inspected()) {
            return List.of(new Capability(ANY, "", RequestMatch.http(ANY, ANYWHERE)));
        }
        List<RequestMatch> matches = new ArrayList<>(preset(endpoint));
        endpoint.rules().stream().map(AllowRule::allow).flatMap(Optional::stream).forEach(matches::add);
        if (endpoint.mcp().map(options -> options.allowsAllKnownMethods()).orElse(false)) {
            matches.add(RequestMatch.http(ANY, ""));
        }
        return matches.stream().map(match -> new Capability(protocol, endpoint.path(), match)).distinct().toList();
    }

    private static List<RequestMatch> preset(NetworkEndpoint endpoint) {
        AccessPreset preset = endpoint.accessPreset().orElse(AccessPreset.FULL);
        boolean graphql = endpoint.inspection().equals(Optional.of(Inspection.GRAPHQL));
        return switch (preset) {
            case NONE -> List.of();
            case READ_ONLY -> graphql ? operations("query") : methods("GET", "HEAD", "OPTIONS");
            case READ_WRITE -> graphql ? operations("query", "mutation")
                    : methods("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "WEBSOCKET_TEXT");
            case FULL -> methods(ANY);
        };
    }

    private static List<RequestMatch> methods(String... methods) {
        return Stream.of(methods).map(method -> RequestMatch.http(method, ANYWHERE)).toList();
    }

    private static List<RequestMatch> operations(String... types) {
        RequestMatch any = RequestMatch.http("", "");
        return Stream.of(types).map(type -> new RequestMatch("", "", "", any.query(), type, "", List.of(), any.params())).toList();
    }

    /** Whether whatever the other lets through, this does. When that is not plain, it does not. */
    boolean includes(Capability other) {
        boolean everything = protocol.equals(ANY) || protocol.equals(other.protocol) && scope.isEmpty()
                && match.method().equals(ANY) && onPath("", match.path()) && rest(match).equals(rest(RequestMatch.http("", "")));
        return everything || protocol.equals(other.protocol) && (scope.isEmpty() || scope.equals(other.scope))
                && ofMethod(match.method(), other.match.method()) && onPath(other.match.path(), match.path())
                && (rest(match).equals(rest(other.match)) || rest(match).equals(rest(RequestMatch.http("", ""))));
    }

    private static boolean ofMethod(String mine, String other) {
        return mine.equals(ANY) || mine.equalsIgnoreCase(other) || mine.equalsIgnoreCase("GET") && other.equalsIgnoreCase("HEAD");
    }

    private static boolean onPath(String other, String mine) {
        boolean literal = other.chars().noneMatch(c -> "*?[{\\".indexOf(c) >= 0);
        return mine.equals(ANYWHERE) || mine.equals(other) || literal && !mine.isEmpty() && Glob.path(mine).matches(other);
    }

    /** The match without method and path. */
    private static RequestMatch rest(RequestMatch match) {
        return new RequestMatch("", "", match.command(), match.query(), match.operationType(), match.operationName(),
                match.fields(), match.params());
    }

    /** In words. */
    String text() {
        String method = match.method().isEmpty() ? match.operationType() : match.method();
        return (method + " " + scope + match.path()).strip();
    }
}
