package io.openshell.model.inference;

import io.openshell.model.Event;

/** Everything that can happen to the routes of a workspace. */
public sealed interface InferenceEvent extends Event {

    /** The route leads there from now on; its versions rise by one, also across deletions. */
    record RouteSet(String route, long version, RouteTarget target) implements InferenceEvent {}

    /** There is no such route any more. */
    record RouteDeleted(String route) implements InferenceEvent {}
}
