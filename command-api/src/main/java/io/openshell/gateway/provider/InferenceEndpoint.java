package io.openshell.gateway.provider;

import static io.openshell.gateway.grpc.RequestRules.workspace;

import io.openshell.gateway.auth.Caller;
import io.openshell.gateway.grpc.Commands;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.gateway.grpc.ViewSource;
import io.openshell.model.StreamId;
import io.openshell.model.inference.InferenceCommand;
import io.openshell.model.inference.InferenceRoutes;
import io.openshell.model.inference.RouteTarget;
import io.openshell.projection.past.Views;
import io.openshell.wire.inference.v1.DeleteInferenceRouteRequest;
import io.openshell.wire.inference.v1.DeleteInferenceRouteResponse;
import io.openshell.wire.inference.v1.GetInferenceRouteRequest;
import io.openshell.wire.inference.v1.GetInferenceRouteResponse;
import io.openshell.wire.inference.v1.InferenceGrpcService;
import io.openshell.wire.inference.v1.SetInferenceRouteRequest;
import io.openshell.wire.inference.v1.SetInferenceRouteResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where requests for models go. A provider is not asked whether it answers: {@code validation_performed} is always false. */
public final class InferenceEndpoint implements RpcGroup {

    private static final int LONGEST_MODEL = 256;

    private final Commands commands;
    private final ViewSource views;

    /** Reads from the views and changes through the commands. */
    public InferenceEndpoint(Commands commands, ViewSource views) {
        this.commands = commands;
        this.views = views;
    }

    @Override
    public void addTo(RpcTable table) {
        table.unary(InferenceGrpcService.SetInferenceRoute, this::set);
        table.read(InferenceGrpcService.GetInferenceRoute, views, InferenceEndpoint::get);
        table.unary(InferenceGrpcService.DeleteInferenceRoute, this::delete);
        table.unary(InferenceGrpcService.GetInferenceBundle, (request, caller) -> {
            throw Refusal.denied("routes with their keys are for the proxy of a sandbox, whose node has them");
        });
    }

    private CompletionStage<SetInferenceRouteResponse> set(SetInferenceRouteRequest request, Caller caller) {
        String workspace = workspace(request.getWorkspace());
        String route = route(request.getRouteName());
        String model = request.getModelId();
        boolean fits = !model.isBlank() && model.length() <= LONGEST_MODEL && model.chars().noneMatch(c -> c < ' ' || c == 0x7f);
        if (!fits) {
            throw Refusal.invalid("model_id is required and has at most 256 characters, none of them a control character");
        }
        RouteTarget target = new RouteTarget(ProviderRequestRules.name(request.getProviderName()), model, request.getTimeoutSecs());
        return commands.submit(caller, StreamId.inference(workspace), new InferenceCommand.SetRoute(route, target))
                .thenApply(applied -> SetInferenceRouteResponse.newBuilder()
                        .setProviderName(target.provider())
                        .setModelId(model)
                        .setVersion(find(views.now(), workspace, route).version())
                        .setRouteName(route)
                        .setTimeoutSecs(target.timeoutSeconds())
                        .setWorkspace(workspace)
                        .build());
    }

    private static GetInferenceRouteResponse get(GetInferenceRouteRequest request, Views views) {
        String workspace = workspace(request.getWorkspace());
        String name = route(request.getRouteName());
        InferenceRoutes.Route route = find(views, workspace, name);
        RouteTarget target = route.target().orElseThrow();
        return GetInferenceRouteResponse.newBuilder()
                .setProviderName(target.provider())
                .setModelId(target.model())
                .setVersion(route.version())
                .setRouteName(name)
                .setTimeoutSecs(target.timeoutSeconds())
                .setWorkspace(workspace)
                .build();
    }

    private CompletionStage<DeleteInferenceRouteResponse> delete(DeleteInferenceRouteRequest request, Caller caller) {
        String workspace = workspace(request.getWorkspace());
        String name = route(request.getRouteName());
        boolean present = views.now().inference().routes(workspace).find(name).isPresent();
        if (!present && commands.earlier(caller).isEmpty()) {
            return CompletableFuture.completedStage(DeleteInferenceRouteResponse.getDefaultInstance());
        }
        return commands.submit(caller, StreamId.inference(workspace), new InferenceCommand.DeleteRoute(name))
                .thenApply(applied -> DeleteInferenceRouteResponse.newBuilder().setDeleted(true).build());
    }

    private static String route(String given) {
        if (given.isEmpty() || given.equals(InferenceRoutes.USER)) {
            return InferenceRoutes.USER;
        }
        if (!given.equals(InferenceRoutes.SYSTEM)) {
            throw Refusal.invalid("route_name must be " + InferenceRoutes.USER + " or " + InferenceRoutes.SYSTEM);
        }
        return given;
    }

    private static InferenceRoutes.Route find(Views views, String workspace, String name) {
        return views.inference().routes(workspace).find(name)
                .orElseThrow(() -> Refusal.notFound("route " + name + " is not configured in workspace '" + workspace + "'"));
    }
}
