package io.openshell.model.inference;

import io.openshell.model.Command;

/** What the routes of a workspace can be asked. */
public sealed interface InferenceCommand extends Command {

    /** A user points a route at a provider's model. */
    record SetRoute(String route, RouteTarget target) implements InferenceCommand {}

    /** A user takes a route away. */
    record DeleteRoute(String route) implements InferenceCommand {}
}
