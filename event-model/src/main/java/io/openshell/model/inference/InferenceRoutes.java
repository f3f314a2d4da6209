package io.openshell.model.inference;

import io.openshell.model.AggregateState;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The routes of a workspace.
 *
 * @param routes by name, also those that were deleted
 */
public record InferenceRoutes(SortedMap<String, Route> routes) implements AggregateState {

    /** The route that programs in sandboxes use. */
    public static final String USER = "inference.local";

    /** The route of the platform itself. */
    public static final String SYSTEM = "sandbox-system";

    /** There never was one. */
    public static final InferenceRoutes NONE = new InferenceRoutes(new TreeMap<>());

    /** Keeps a copy. */
    public InferenceRoutes {
        routes = Collections.unmodifiableSortedMap(new TreeMap<>(routes));
    }

    /**
     * One route.
     *
     * @param version of its newest target
     * @param target where it leads; empty when it was deleted
     */
    public record Route(long version, Optional<RouteTarget> target, Instant changedAt) {}

    /** The route of this name, if it leads anywhere. */
    public Optional<Route> find(String name) {
        return Optional.ofNullable(routes.get(name)).filter(route -> route.target().isPresent());
    }

    /** Number of the newest target of a route, 0 when it never had one. */
    long version(String name) {
        return Optional.ofNullable(routes.get(name)).map(Route::version).orElse(0L);
    }

    InferenceRoutes with(String name, Route route) {
        SortedMap<String, Route> next = new TreeMap<>(routes);
        next.put(name, route);
        return new InferenceRoutes(next);
    }
}
