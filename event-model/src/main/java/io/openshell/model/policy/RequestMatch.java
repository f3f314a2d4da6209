package io.openshell.model.policy;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The request an allow or deny rule is about. Empty fields do not restrict.
 *
 * @param method HTTP, JSON-RPC or MCP method
 * @param path HTTP path glob
 * @param command SQL command
 * @param query matchers by query name
 * @param operationType GraphQL operation type
 * @param operationName GraphQL operation name glob
 * @param fields GraphQL root field globs
 * @param params matchers by parameter path; {@code name} is the MCP tool
 */
public record RequestMatch(
        String method,
        String path,
        String command,
        SortedMap<String, QueryMatcher> query,
        String operationType,
        String operationName,
        List<String> fields,
        SortedMap<String, QueryMatcher> params) {

    /** The parameter that names an MCP tool. */
    public static final String TOOL_PARAM = "name";

    public RequestMatch {
        query = Sorted.copyOf(query);
        fields = List.copyOf(fields);
        params = Sorted.copyOf(params);
    }

    /** A match on HTTP method and path only. */
    public static RequestMatch http(String method, String path) {
        return new RequestMatch(method, path, "", Sorted.copyOf(Map.of()), "", "", List.of(), Sorted.copyOf(Map.of()));
    }

    /** Whether nothing is restricted, so that the rule is about every request. */
    public boolean isEmpty() {
        return method.isEmpty() && path.isEmpty() && command.isEmpty() && query.isEmpty() && operationType.isEmpty()
                && operationName.isEmpty() && fields.isEmpty() && params.isEmpty();
    }

    /** Whether any GraphQL part is set. */
    public boolean hasGraphql() {
        return !operationType.isEmpty() || !operationName.isEmpty() || !fields.isEmpty();
    }
}
