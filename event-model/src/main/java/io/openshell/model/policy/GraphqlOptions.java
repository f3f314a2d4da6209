package io.openshell.model.policy;

import java.util.Map;
import java.util.SortedMap;

/**
 * GraphQL settings of an endpoint.
 *
 * @param persistedQueries "deny", "allow_registered" or empty (deny)
 * @param registry registered operations by id
 * @param maxBodyBytes largest request body in bytes; 0 means 65536
 */
public record GraphqlOptions(String persistedQueries, SortedMap<String, GraphqlOperation> registry, long maxBodyBytes) {
    /** Nothing set. */
    public static final GraphqlOptions NONE = new GraphqlOptions("", Sorted.copyOf(Map.of()), 0);

    public GraphqlOptions {
        registry = Sorted.copyOf(registry);
    }
}
