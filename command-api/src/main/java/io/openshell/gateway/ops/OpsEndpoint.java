package io.openshell.gateway.ops;

import io.openshell.gateway.auth.Caller;
import io.openshell.gateway.grpc.Commands;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.model.StreamCommand;
import io.openshell.model.StreamId;
import io.openshell.projection.PoisonedStream;
import io.openshell.wire.control.v1.GetLogStatusRequest;
import io.openshell.wire.control.v1.GetLogStatusResponse;
import io.openshell.wire.control.v1.OpsGrpcService;
import io.openshell.wire.control.v1.SkipPoisonRequest;
import io.openshell.wire.control.v1.SkipPoisonResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The state of the log, and getting a poisoned stream going again. */
public final class OpsEndpoint implements RpcGroup {

    private final String gatewayId;
    private final LogState log;
    private final Commands commands;

    /** Tells of this gateway's log and changes through the commands. */
    public OpsEndpoint(String gatewayId, LogState log, Commands commands) {
        this.gatewayId = gatewayId;
        this.log = log;
        this.commands = commands;
    }

    @Override
    public void addTo(RpcTable table) {
        table.unary(OpsGrpcService.GetLogStatus, this::status);
        table.unary(OpsGrpcService.SkipPoison, this::skip);
    }

    private CompletionStage<GetLogStatusResponse> status(GetLogStatusRequest request, Caller caller) {
        GetLogStatusResponse.Builder response = GetLogStatusResponse.newBuilder()
                .setGatewayId(gatewayId)
                .setLogAnswers(log.answers())
                .setViewAgeMs(log.viewAge().toMillis())
                .setReady(log.viewAge().compareTo(LogState.STALE) < 0)
                .setLag(log.lag().values().stream().mapToLong(Long::longValue).sum())
                .addAllDeciding(log.deciding().stream().sorted().toList())
                .setEventsFolded(log.folded())
                .setEventsFromSnapshot(log.fromSnapshot())
                .setWritesRefused(log.writesRefused().orElse(""));
        log.poisoned().forEach(each -> response.addPoisoned(poisoned(each)));
        return CompletableFuture.completedStage(response.build());
    }

    private static io.openshell.wire.control.v1.PoisonedStream poisoned(PoisonedStream stream) {
        return io.openshell.wire.control.v1.PoisonedStream.newBuilder()
                .setStream(stream.stream())
                .setVersion(stream.version())
                .setPartition(stream.partition())
                .setOffset(stream.offset())
                .setReason(stream.reason())
                .setNewer(stream.newer())
                .build();
    }

    private CompletionStage<SkipPoisonResponse> skip(SkipPoisonRequest request, Caller caller) {
        if (commands.earlier(caller).isEmpty()) {
            requireStopped(request);
        }
        return commands.submit(caller, stream(request.getStream()), new StreamCommand.SkipEvent(request.getVersion()))
                .thenApply(applied -> SkipPoisonResponse.getDefaultInstance());
    }

    private void requireStopped(SkipPoisonRequest request) {
        PoisonedStream found = log.poisoned().stream()
                .filter(each -> each.stream().equals(request.getStream()))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("no poisoned stream is named '" + shortened(request.getStream()) + "'"));
        if (found.newer()) {
            throw Refusal.precondition("a newer release wrote the record at version " + found.version()
                    + ", and others may have applied it; upgrade this gateway instead of leaving it out");
        }
        if (found.version() != request.getVersion()) {
            throw new Refusal(GrpcStatus.ABORTED,
                    "the stream stopped at version " + found.version() + ", not " + request.getVersion());
        }
    }

    private static StreamId stream(String text) {
        try {
            return StreamId.parse(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid("a stream is named like sandbox/WORKSPACE/NAME or node/ID, not '" + shortened(text) + "'");
        }
    }

    private static String shortened(String text) {
        return text.length() <= 128 ? text : text.substring(0, 128) + "...";
    }
}
