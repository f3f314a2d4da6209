package io.openshell.gateway.query;

import io.openshell.gateway.auth.Caller;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.projection.logs.LogLine;
import io.openshell.projection.logs.LogLines;
import io.openshell.projection.sandboxes.SandboxViews;
import io.openshell.wire.v1.GetSandboxLogsRequest;
import io.openshell.wire.v1.GetSandboxLogsResponse;
import io.openshell.wire.v1.OpenShellGrpcService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The newest log lines of a sandbox. */
public final class LogsEndpoint implements RpcGroup {

    private final SandboxViews sandboxes;
    private final LogLines logs;

    /** Reads from these views. */
    public LogsEndpoint(SandboxViews sandboxes, LogLines logs) {
        this.sandboxes = sandboxes;
        this.logs = logs;
    }

    @Override
    public void addTo(RpcTable table) {
        table.unary(OpenShellGrpcService.GetSandboxLogs, this::get);
    }

    private CompletionStage<GetSandboxLogsResponse> get(GetSandboxLogsRequest request, Caller caller) {
        if (request.getSandboxId().isEmpty()) {
            throw Refusal.invalid("sandbox_id is required");
        }
        if (sandboxes.byId(request.getSandboxId()).isEmpty()) {
            throw Refusal.notFound("sandbox not found");
        }
        boolean all = request.getLines() == 0
                || Integer.compareUnsigned(request.getLines(), LogLines.CAPACITY) > 0;
        List<LogLine> newest = logs.newest(request.getSandboxId(), all ? LogLines.CAPACITY : request.getLines());
        LogFilter filter = LogFilter.of(request.getSinceMs(), request.getSourcesList(), request.getMinLevel());
        GetSandboxLogsResponse.Builder response = GetSandboxLogsResponse.newBuilder().setBufferTotal(newest.size());
        newest.stream().filter(filter::takes).map(LogFilter::message).forEach(response::addLogs);
        return CompletableFuture.completedStage(response.build());
    }
}
