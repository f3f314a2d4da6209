package io.openshell.gateway.time;

import static io.openshell.gateway.grpc.RequestRules.name;
import static io.openshell.gateway.grpc.RequestRules.workspace;

import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Outbox;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.model.StreamId;
import io.openshell.projection.history.store.StoreCheck;
import io.openshell.projection.past.ViewsCheck;
import io.openshell.wire.control.v1.ExportReplayRequest;
import io.openshell.wire.control.v1.ReplayRecord;
import io.openshell.wire.control.v1.TimelineGrpcService;
import io.openshell.wire.control.v1.VerifyProgress;
import io.openshell.wire.control.v1.VerifyViewsRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Incident files, and whether the served views are what the events say. */
public final class ReplayEndpoint implements RpcGroup {

    private static final int MOST_NAMES = 20;
    private static final Duration VERIFY_LIMIT = Duration.ofMinutes(10);
    private static final int TELL_EVERY = 5_000;

    private final ReplayExport export;
    private final ViewsCheck views;
    private final StoredHistory history;
    private final Clock clock;
    private final LongCalls exports = new LongCalls("replay-export");
    private final LongCalls checks = new LongCalls("replay-verify");

    /** Exports and checks with these. */
    public ReplayEndpoint(ReplayExport export, ViewsCheck views, StoredHistory history, Clock clock) {
        this.export = export;
        this.views = views;
        this.history = history;
        this.clock = clock;
    }

    @Override
    public void addTo(RpcTable table) {
        table.serverStream(TimelineGrpcService.ExportReplay, this::export);
        table.serverStream(TimelineGrpcService.VerifyViews, this::verify);
    }

    private void export(ExportReplayRequest request, Exchange<ExportReplayRequest, ReplayRecord> exchange) {
        if (request.getNamesCount() == 0 || request.getNamesCount() > MOST_NAMES) {
            throw Refusal.invalid("name 1 to " + MOST_NAMES + " sandboxes");
        }
        String workspace = workspace(request.getWorkspace());
        List<StreamId> streams = request.getNamesList().stream().distinct()
                .map(each -> StreamId.sandbox(workspace, name("sandbox", each))).toList();
        exports.run(exchange, outbox -> export.run(streams, clock.instant(), outbox::offer));
    }

    private void verify(VerifyViewsRequest request, Exchange<VerifyViewsRequest, VerifyProgress> exchange) {
        checks.run(exchange, outbox -> outbox.offer(verified(outbox)));
    }

    private VerifyProgress verified(Outbox<VerifyProgress> outbox) {
        try (StoreCheck store = history.upToDate().check()) {
            // What comes later is in the log before it is in the store.
            Map<Integer, Long> stored = history.followers().reached();
            long[] seen = new long[1];
            ViewsCheck.Finding finding = views.check(record -> {
                if (record.position().offset() < stored.getOrDefault(record.position().partition(), 0L)) {
                    store.next(record);
                }
                if (++seen[0] % TELL_EVERY == 0) {
                    outbox.offer(VerifyProgress.newBuilder().setEvents(seen[0]).build());
                }
            }, VERIFY_LIMIT);
            Optional<String> divergence = finding.divergence().or(store::divergence);
            VerifyProgress.Builder last = VerifyProgress.newBuilder()
                    .setEvents(finding.events()).setDone(true).setDivergence(divergence.orElse(""));
            if (divergence.isEmpty()) {
                last.addEqual("sandboxes and nodes: " + finding.streams() + " streams")
                        .addEqual("history store: " + finding.events() + " events");
            }
            return last.build();
        }
    }
}
