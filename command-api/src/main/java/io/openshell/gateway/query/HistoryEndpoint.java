package io.openshell.gateway.query;

import static io.openshell.gateway.grpc.RequestRules.name;
import static io.openshell.gateway.grpc.RequestRules.workspace;

import com.google.protobuf.Timestamp;
import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Outbox;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.model.Actor;
import io.openshell.model.Context;
import io.openshell.model.EventEnvelope;
import io.openshell.model.StreamId;
import io.openshell.model.history.Summary;
import io.openshell.projection.history.History;
import io.openshell.wire.control.v1.ControlGrpcService;
import io.openshell.wire.control.v1.EventActor;
import io.openshell.wire.control.v1.GetHistoryRequest;
import io.openshell.wire.control.v1.HistoryEntry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Everything that happened under a sandbox's name. */
public final class HistoryEndpoint implements RpcGroup {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final History history;

    /** Reads the history on Vert.x worker threads. */
    public HistoryEndpoint(Vertx vertx, History history) {
        this.vertx = vertx;
        this.history = history;
    }

    @Override
    public void addTo(RpcTable table) {
        table.serverStream(ControlGrpcService.GetHistory, this::get);
    }

    private void get(GetHistoryRequest request, Exchange<GetHistoryRequest, HistoryEntry> exchange) {
        StreamId stream = StreamId.sandbox(workspace(request.getWorkspace()), name("sandbox", request.getName()));
        vertx.executeBlocking(() -> history.of(stream, DEADLINE), false).onComplete(
                entries -> answer(request.getName(), entries, exchange), exchange::fail);
    }

    private static void answer(
            String name, List<History.Entry> entries, Exchange<GetHistoryRequest, HistoryEntry> exchange) {
        if (entries.isEmpty()) {
            exchange.fail(Refusal.notFound("the log holds no event of a sandbox named '" + name + "'"));
            return;
        }
        exchange.context().runOnContext(nothing -> {
            Outbox<HistoryEntry> outbox = new Outbox<>(exchange, entries.size(), () -> {});
            entries.forEach(entry -> outbox.offer(message(entry)));
            outbox.finish();
        });
    }

    static HistoryEntry message(History.Entry entry) {
        EventEnvelope event = entry.event();
        Context context = event.context();
        return HistoryEntry.newBuilder()
                .setEventId(event.eventId())
                .setStream(event.stream().toString())
                .setVersion(event.version())
                .setType(event.event().getClass().getSimpleName())
                .setSummary(Summary.of(event.event()))
                .setTime(timestamp(context.time()))
                .setLogTime(timestamp(entry.logTime()))
                .setActor(actor(context.actor()))
                .setCommandId(context.commandId().value())
                .setCorrelationId(context.correlationId())
                .setTraceId(context.traceId())
                .setOriginAddress(context.originAddress())
                .setAssertedBy(context.assertedBy())
                .setSchemaVersion(event.schemaVersion())
                .setPreviousHash(event.previousHash())
                .setBodyJson(EventJson.of(event.event()))
                .build();
    }

    private static EventActor actor(Actor actor) {
        return EventActor.newBuilder()
                .setKind(actor.kind().name().toLowerCase(Locale.ROOT))
                .setSubject(actor.subject())
                .setAuthenticatedBy(actor.authenticatedBy())
                .build();
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()).build();
    }
}
