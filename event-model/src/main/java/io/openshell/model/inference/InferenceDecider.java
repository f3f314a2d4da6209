package io.openshell.model.inference;

import io.openshell.model.Actor;
import io.openshell.model.Context;
import io.openshell.model.Decider;
import io.openshell.model.Decision;
import io.openshell.model.MisfitEvent;
import io.openshell.model.RejectionCode;
import java.util.Optional;

/** The rules of a workspace's routes. Whether the provider exists and answers such requests is in {@code ProviderRules}. */
public final class InferenceDecider implements Decider<InferenceCommand, InferenceRoutes, InferenceEvent> {

    @Override
    public InferenceRoutes initial() {
        return InferenceRoutes.NONE;
    }

    @Override
    public Decision<InferenceEvent> decide(InferenceCommand command, InferenceRoutes state, Context context) {
        if (context.actor().kind() == Actor.Kind.NODE) {
            return Decision.reject(RejectionCode.REPORTER_NOT_ASSIGNED, "a node has no say in routes");
        }
        return switch (command) {
            // Also the same target again: every set is a version of its own.
            case InferenceCommand.SetRoute c -> Decision.accept(
                    new InferenceEvent.RouteSet(c.route(), state.version(c.route()) + 1, c.target()));
            case InferenceCommand.DeleteRoute c -> state.find(c.route()).isPresent()
                    ? Decision.accept(new InferenceEvent.RouteDeleted(c.route()))
                    : Decision.unchanged();
        };
    }

    @Override
    public InferenceRoutes evolve(InferenceRoutes state, InferenceEvent event, Context context) {
        return switch (event) {
            case InferenceEvent.RouteSet e -> {
                if (e.version() != state.version(e.route()) + 1) {
                    throw new MisfitEvent("version " + e.version() + " of a route", "version " + state.version(e.route()));
                }
                yield state.with(e.route(), new InferenceRoutes.Route(e.version(), Optional.of(e.target()), context.time()));
            }
            case InferenceEvent.RouteDeleted e -> {
                if (state.find(e.route()).isEmpty()) {
                    throw new MisfitEvent("the deletion of a route", "no such route");
                }
                yield state.with(e.route(), new InferenceRoutes.Route(state.version(e.route()), Optional.empty(), context.time()));
            }
        };
    }
}
