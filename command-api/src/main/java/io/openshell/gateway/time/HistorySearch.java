package io.openshell.gateway.time;

import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.projection.history.store.HistoryQuery;
import io.openshell.projection.history.store.PageToken;
import io.openshell.projection.history.store.StoredEvent;
import io.openshell.wire.control.v1.SearchHistoryAnswer;
import io.openshell.wire.control.v1.SearchHistoryRequest;
import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * One search on its way to one caller: page by page, each read when the one before has been sent; then, if asked for, what
 * happens from there on. Lives on the call's event loop, except for reading.
 */
final class HistorySearch {

    private static final int PAGE = 500;

    /** Events that may wait for a follower that reads slowly; beyond it the call ends. */
    private static final int WAITING = 20_000;

    private final StoredHistory history;
    private final Exchange<SearchHistoryRequest, SearchHistoryAnswer> exchange;
    private final Deque<StoredEvent> live = new ArrayDeque<>();
    private StoreFollowers.Start start = new StoreFollowers.Start(Map.of(), () -> {});
    private HistoryQuery query;
    private long left;
    private boolean following;
    private boolean pagesSent;
    private boolean ended;

    /** At most {@code limit} events. */
    HistorySearch(StoredHistory history, HistoryQuery query, long limit,
            Exchange<SearchHistoryRequest, SearchHistoryAnswer> exchange) {
        this.history = history;
        this.query = query;
        this.left = limit;
        this.exchange = exchange;
    }

    void start(boolean follow) {
        following = follow;
        exchange.onLost(this::release);
        if (follow) {
            // Before the first page, so that nothing falls between the pages and what is told live.
            start = history.followers().follow(event -> exchange.context().runOnContext(nothing -> happened(event)));
            exchange.response().drainHandler(nothing -> flush());
        }
        next();
    }

    private void release() {
        ended = true;
        live.clear();
        start.subscription().close();
    }

    private void next() {
        // One more than wanted tells whether there are more.
        int most = left < PAGE ? (int) left + 1 : PAGE;
        exchange.context().executeBlocking(() -> history.upToDate().search(query, most), false)
                .onComplete(page -> send(page, page.size() == most), this::fail);
    }

    private void send(List<StoredEvent> page, boolean more) {
        Future<Void> written = Future.succeededFuture();
        for (StoredEvent event : page) {
            if (ended) {
                return;
            }
            if (left == 0) {
                finish(SearchHistoryAnswer.newBuilder().setNextPageToken(query.after().orElseThrow().toString()).build());
                return;
            }
            query = query.after(PageToken.of(event));
            if (!following || isBeforeLive(event)) {
                left--;
                written = exchange.response().write(answer(event));
            }
        }
        if (more) {
            // Reads on only once the caller has taken this page.
            written.onComplete(nothing -> next(), broken -> release());
        } else if (following) {
            pagesSent = true;
            flush();
        } else {
            release();
            exchange.end();
        }
    }

    /** What the store got after the begin of following is told live, and only there. */
    private boolean isBeforeLive(StoredEvent event) {
        return event.position().offset() < start.from().getOrDefault(event.position().partition(), 0L);
    }

    private void happened(StoredEvent event) {
        if (ended || !query.matches(event)) {
            return;
        }
        live.add(event);
        if (live.size() > WAITING) {
            fail(new Refusal(GrpcStatus.RESOURCE_EXHAUSTED, "the reader fell behind; start again"));
        } else {
            flush();
        }
    }

    private void flush() {
        while (pagesSent && !ended && !exchange.response().writeQueueFull()) {
            if (left == 0) {
                release();
                exchange.end();
                return;
            }
            StoredEvent event = live.poll();
            if (event == null) {
                return;
            }
            left--;
            exchange.response().write(answer(event));
        }
    }

    private void finish(SearchHistoryAnswer last) {
        release();
        exchange.response().end(last);
    }

    private void fail(Throwable failure) {
        if (!ended) {
            release();
            exchange.fail(failure);
        }
    }

    private static SearchHistoryAnswer answer(StoredEvent event) {
        return SearchHistoryAnswer.newBuilder().setEntry(StoredEntries.message(event)).build();
    }
}
