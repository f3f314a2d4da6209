package io.openshell.gateway.time;

import static io.openshell.gateway.grpc.RequestRules.name;
import static io.openshell.gateway.grpc.RequestRules.workspace;

import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.model.StreamId;
import io.openshell.projection.history.store.HistoryQuery;
import io.openshell.projection.history.store.PageToken;
import io.openshell.wire.control.v1.RebuildHistoryRequest;
import io.openshell.wire.control.v1.RebuildProgress;
import io.openshell.wire.control.v1.SearchHistoryAnswer;
import io.openshell.wire.control.v1.SearchHistoryRequest;
import io.openshell.wire.control.v1.TimelineGrpcService;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;

/** Searching the history store, and feeding it anew. */
public final class HistorySearchEndpoint implements RpcGroup {

    private static final Duration REBUILD_LIMIT = Duration.ofMinutes(30);
    private static final int MOST_TYPES = 64;

    private final StoredHistory history;
    private final LongCalls rebuilds = new LongCalls("history-rebuild");

    /** Answers out of this store. */
    public HistorySearchEndpoint(StoredHistory history) {
        this.history = history;
    }

    @Override
    public void addTo(RpcTable table) {
        table.serverStream(TimelineGrpcService.SearchHistory, this::search);
        table.serverStream(TimelineGrpcService.RebuildHistory, this::rebuild);
    }

    private void search(SearchHistoryRequest request, Exchange<SearchHistoryRequest, SearchHistoryAnswer> exchange) {
        long limit = Integer.toUnsignedLong(request.getLimit());
        new HistorySearch(history, query(request), limit == 0 ? Long.MAX_VALUE : limit, exchange).start(request.getFollow());
    }

    private static HistoryQuery query(SearchHistoryRequest request) {
        if (request.getTypesCount() > MOST_TYPES) {
            throw Refusal.invalid("at most " + MOST_TYPES + " types can be asked for");
        }
        if (request.getAllSandboxes() && !request.getName().isEmpty()) {
            throw Refusal.invalid("all_sandboxes and name exclude each other");
        }
        Optional<String> stream = request.getAllSandboxes()
                ? Optional.empty()
                : Optional.of(StreamId.sandbox(workspace(request.getWorkspace()), name("sandbox", request.getName()))
                        .toString());
        try {
            return new HistoryQuery(
                    stream,
                    request.hasSince() ? Optional.of(StoredEntries.instant(request.getSince())) : Optional.empty(),
                    request.hasUntil() ? Optional.of(StoredEntries.instant(request.getUntil())) : Optional.empty(),
                    text(request.getActor()), request.getTypesList(), text(request.getCorrelationId()),
                    text(request.getPageToken()).map(PageToken::parse));
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw Refusal.invalid(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> text(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    private void rebuild(RebuildHistoryRequest request, Exchange<RebuildHistoryRequest, RebuildProgress> exchange) {
        rebuilds.run(exchange, outbox -> history.rebuild((done, total) -> outbox.offer(
                RebuildProgress.newBuilder().setDone(done).setTotal(total).build()), REBUILD_LIMIT));
    }
}
