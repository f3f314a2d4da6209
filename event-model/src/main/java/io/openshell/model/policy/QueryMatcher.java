package io.openshell.model.policy;

import java.util.List;

/**
 * Matches one query or parameter value: either one glob, or any of several.
 *
 * @param glob the single glob, empty when {@code any} is used
 * @param any alternatives, empty when {@code glob} is used
 */
public record QueryMatcher(String glob, List<String> any) {
    public QueryMatcher {
        any = List.copyOf(any);
    }

    /** A matcher of one glob. */
    public static QueryMatcher of(String glob) {
        return new QueryMatcher(glob, List.of());
    }

    /** Whether the matcher names nothing to match at all. */
    public boolean isEmpty() {
        return glob.isEmpty() && any.isEmpty();
    }
}
