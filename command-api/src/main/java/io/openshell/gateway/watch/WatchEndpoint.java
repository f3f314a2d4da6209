package io.openshell.gateway.watch;

import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.projection.logs.LogLines;
import io.openshell.projection.sandboxes.SandboxViews;
import io.openshell.wire.v1.OpenShellGrpcService;
import io.openshell.wire.v1.SandboxStreamEvent;
import io.openshell.wire.v1.WatchSandboxRequest;

/** Live feeds of one sandbox. */
public final class WatchEndpoint implements RpcGroup {

    private final SandboxViews sandboxes;
    private final LogLines logs;

    /** Reads from these views. */
    public WatchEndpoint(SandboxViews sandboxes, LogLines logs) {
        this.sandboxes = sandboxes;
        this.logs = logs;
    }

    @Override
    public void addTo(RpcTable table) {
        table.serverStream(OpenShellGrpcService.WatchSandbox, this::watch);
    }

    private void watch(WatchSandboxRequest request, Exchange<WatchSandboxRequest, SandboxStreamEvent> exchange) {
        if (request.getId().isEmpty()) {
            throw Refusal.invalid("id is required");
        }
        if (sandboxes.byId(request.getId()).isEmpty()) {
            throw Refusal.notFound("sandbox not found");
        }
        new SandboxWatch(request, exchange).start(sandboxes, logs);
    }
}
