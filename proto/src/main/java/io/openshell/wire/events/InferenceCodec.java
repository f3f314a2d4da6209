package io.openshell.wire.events;

import io.openshell.model.inference.InferenceCommand;
import io.openshell.model.inference.InferenceEvent;
import io.openshell.model.inference.InferenceRoutes;
import io.openshell.model.inference.RouteTarget;
import io.openshell.wire.events.v1.DeleteRoute;
import io.openshell.wire.events.v1.RouteDeleted;
import io.openshell.wire.events.v1.RouteSet;
import io.openshell.wire.events.v1.SetRoute;
import io.openshell.wire.events.v1.StoredRoute;
import io.openshell.wire.events.v1.StoredRoutes;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Commands, events and state of inference routes on the wire. */
final class InferenceCodec {

    private InferenceCodec() {}

    static io.openshell.wire.events.v1.InferenceCommand encode(InferenceCommand command) {
        var out = io.openshell.wire.events.v1.InferenceCommand.newBuilder();
        return switch (command) {
            case InferenceCommand.SetRoute c -> out.setSet(
                    SetRoute.newBuilder().setRoute(c.route()).setTarget(target(c.target()))).build();
            case InferenceCommand.DeleteRoute c -> out.setDelete(DeleteRoute.newBuilder().setRoute(c.route())).build();
        };
    }

    static InferenceCommand decode(io.openshell.wire.events.v1.InferenceCommand in) {
        return switch (in.getBodyCase()) {
            case SET -> new InferenceCommand.SetRoute(in.getSet().getRoute(), target(in.getSet().getTarget()));
            case DELETE -> new InferenceCommand.DeleteRoute(in.getDelete().getRoute());
            case BODY_NOT_SET -> throw new UndecodableRecord("inference command of a newer release");
        };
    }

    static io.openshell.wire.events.v1.InferenceEvent encode(InferenceEvent event) {
        var out = io.openshell.wire.events.v1.InferenceEvent.newBuilder();
        return switch (event) {
            case InferenceEvent.RouteSet e -> out.setSet(RouteSet.newBuilder()
                    .setRoute(e.route()).setVersion(e.version()).setTarget(target(e.target()))).build();
            case InferenceEvent.RouteDeleted e -> out.setDeleted(RouteDeleted.newBuilder().setRoute(e.route())).build();
        };
    }

    static InferenceEvent decode(io.openshell.wire.events.v1.InferenceEvent in) {
        return switch (in.getBodyCase()) {
            case SET -> new InferenceEvent.RouteSet(
                    in.getSet().getRoute(), in.getSet().getVersion(), target(in.getSet().getTarget()));
            case DELETED -> new InferenceEvent.RouteDeleted(in.getDeleted().getRoute());
            case BODY_NOT_SET -> throw new UndecodableRecord("an inference event without a body");
        };
    }

    static StoredRoutes state(InferenceRoutes state) {
        StoredRoutes.Builder out = StoredRoutes.newBuilder();
        state.routes().forEach((name, route) -> {
            StoredRoute.Builder stored = StoredRoute.newBuilder()
                    .setRoute(name).setVersion(route.version()).setChangedAt(Times.encode(route.changedAt()));
            route.target().ifPresent(target -> stored.setTarget(target(target)));
            out.addRoutes(stored);
        });
        return out.build();
    }

    static InferenceRoutes state(StoredRoutes in) {
        SortedMap<String, InferenceRoutes.Route> routes = new TreeMap<>();
        in.getRoutesList().forEach(each -> routes.put(each.getRoute(), new InferenceRoutes.Route(each.getVersion(),
                each.hasTarget() ? Optional.of(target(each.getTarget())) : Optional.empty(), Times.decode(each.getChangedAt()))));
        return new InferenceRoutes(routes);
    }

    private static io.openshell.wire.events.v1.RouteTarget target(RouteTarget target) {
        return io.openshell.wire.events.v1.RouteTarget.newBuilder()
                .setProvider(target.provider()).setModel(target.model()).setTimeoutSeconds(target.timeoutSeconds()).build();
    }

    private static RouteTarget target(io.openshell.wire.events.v1.RouteTarget in) {
        return new RouteTarget(in.getProvider(), in.getModel(), in.getTimeoutSeconds());
    }
}
