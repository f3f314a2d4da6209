package io.openshell.cli.command.inference;

import io.openshell.cli.client.InferenceRpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.cli.command.Session;
import io.openshell.wire.inference.v1.GetInferenceRouteRequest;
import io.openshell.wire.inference.v1.GetInferenceRouteResponse;
import java.util.Optional;

/** A route as users see it. */
final class RouteView {
    static final String USER = "inference.local";
    static final String SYSTEM = "sandbox-system";

    private RouteView() {}

    static String name(boolean system) {
        return system ? SYSTEM : USER;
    }

    /** The route; empty when it is not configured. */
    static Optional<GetInferenceRouteResponse> find(Session session, String name) {
        try {
            return Optional.of(session.client().call(InferenceRpc.GET, GetInferenceRouteRequest.newBuilder()
                    .setRouteName(name).setWorkspace(session.workspace()).build()));
        } catch (RpcException e) {
            if (e.code() == RpcCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    static String section(GetInferenceRouteResponse route) {
        StringBuilder out = new StringBuilder();
        line(out, "Workspace", route.getWorkspace());
        line(out, "Route", route.getRouteName());
        line(out, "Provider", route.getProviderName());
        line(out, "Model", route.getModelId());
        line(out, "Version", String.valueOf(route.getVersion()));
        line(out, "Timeout", route.getTimeoutSecs() == 0 ? "60s (default)" : route.getTimeoutSecs() + "s");
        return out.toString();
    }

    static void line(StringBuilder out, String label, String value) {
        out.append(String.format("  %-12s%s%n", label + ":", value));
    }
}
