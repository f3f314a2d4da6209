package io.openshell.gateway.grpc;

import io.openshell.gateway.auth.Caller;
import io.openshell.model.node.NodeState;
import io.openshell.projection.nodes.NodeViews;
import io.openshell.projection.nodes.NodeViews.NodeView;
import io.openshell.wire.v1.ComputeDriverCapabilities;
import io.openshell.wire.v1.ComputeDriverInfo;
import io.openshell.wire.v1.GetCurrentUserRequest;
import io.openshell.wire.v1.GetCurrentUserResponse;
import io.openshell.wire.v1.GetGatewayInfoRequest;
import io.openshell.wire.v1.GetGatewayInfoResponse;
import io.openshell.wire.v1.HealthRequest;
import io.openshell.wire.v1.HealthResponse;
import io.openshell.wire.v1.OpenShellGrpcService;
import io.openshell.wire.v1.ServiceStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Health, gateway information and who the caller is. */
public final class GatewayEndpoint implements RpcGroup {

    private final String version;
    private final BooleanSupplier healthy;
    private final NodeViews nodes;

    /** {@code healthy} tells whether the log answers; it must not block. */
    public GatewayEndpoint(String version, BooleanSupplier healthy, NodeViews nodes) {
        this.version = version;
        this.healthy = healthy;
        this.nodes = nodes;
    }

    @Override
    public void addTo(RpcTable table) {
        table.unary(OpenShellGrpcService.Health, this::health);
        table.unary(OpenShellGrpcService.GetGatewayInfo, this::info);
        table.unary(OpenShellGrpcService.GetCurrentUser, this::currentUser);
    }

    private CompletionStage<HealthResponse> health(HealthRequest request, Caller caller) {
        return CompletableFuture.completedStage(
                HealthResponse.newBuilder().setStatus(status()).setVersion(version).build());
    }

    private CompletionStage<GetGatewayInfoResponse> info(GetGatewayInfoRequest request, Caller caller) {
        return CompletableFuture.completedStage(GetGatewayInfoResponse.newBuilder()
                .setStatus(status())
                .setGatewayVersion(version)
                .addAllComputeDrivers(nodes.nodes().stream().flatMap(GatewayEndpoint::runtimes).distinct().map(this::driver).toList())
                .build());
    }

    private static Stream<String> runtimes(NodeView node) {
        return switch (node.state()) {
            case NodeState.Registered r -> r.description().runtimes().stream();
            case NodeState.Lost l -> Stream.empty();
            case NodeState.Retired r -> Stream.empty();
            case NodeState.Unknown u -> Stream.empty();
        };
    }

    /** A runtime as nodes name it: a name, and a version of its own where it has one. */
    private ComputeDriverInfo driver(String runtime) {
        String[] parts = runtime.split(" ", 2);
        return ComputeDriverInfo.newBuilder()
                .setName(parts[0])
                .setCapabilities(ComputeDriverCapabilities.newBuilder()
                        .setDriverName(parts[0]).setDriverVersion(parts.length == 2 ? parts[1] : version))
                .build();
    }

    private CompletionStage<GetCurrentUserResponse> currentUser(GetCurrentUserRequest request, Caller caller) {
        boolean certificate = caller.actor().authenticatedBy().equals("mtls");
        return CompletableFuture.completedStage(GetCurrentUserResponse.newBuilder()
                .setSubject(caller.actor().subject())
                .setDisplayName(caller.actor().subject())
                // One machine, one person: whoever gets in may do everything.
                .addAllRoles(List.of("openshell-user", "openshell-admin"))
                .addScopes("openshell:all")
                .setIdentityProvider(certificate ? "mtls" : "local_dev")
                .build());
    }

    private ServiceStatus status() {
        return healthy.getAsBoolean() ? ServiceStatus.SERVICE_STATUS_HEALTHY : ServiceStatus.SERVICE_STATUS_DEGRADED;
    }
}
