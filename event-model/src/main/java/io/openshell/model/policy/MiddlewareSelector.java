package io.openshell.model.policy;

import java.util.List;

/**
 * Host patterns of a middleware.
 *
 * @param include hosts it applies to
 * @param exclude hosts it does not apply to; wins over {@code include}
 */
public record MiddlewareSelector(List<String> include, List<String> exclude) {
    public MiddlewareSelector {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }
}
