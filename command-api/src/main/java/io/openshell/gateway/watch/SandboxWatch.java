package io.openshell.gateway.watch;

import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Outbox;
import io.openshell.gateway.grpc.SandboxMessages;
import io.openshell.gateway.query.LogFilter;
import io.openshell.projection.Subscription;
import io.openshell.projection.logs.LogLine;
import io.openshell.projection.logs.LogLines;
import io.openshell.projection.sandboxes.SandboxChange;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.projection.sandboxes.SandboxViews;
import io.openshell.wire.v1.SandboxStreamEvent;
import io.openshell.wire.v1.WatchSandboxRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One caller's feed: a snapshot, the log tail, then what happens. Subscribes before it reads, so that nothing falls in
 * between; what arrives meanwhile waits until the tail is queued. Safe for the threads of the folds.
 */
final class SandboxWatch {

    private static final int CAPACITY = 4_096;
    private static final int USUAL_TAIL = 200;

    private final WatchSandboxRequest request;
    private final LogFilter filter;
    private final Outbox<SandboxStreamEvent> outbox;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final List<LogLine> earlyLines = new ArrayList<>();
    private final List<SandboxChange> earlyChanges = new ArrayList<>();
    private boolean live;
    private boolean over;
    private long sentVersion;

    SandboxWatch(WatchSandboxRequest request, Exchange<WatchSandboxRequest, SandboxStreamEvent> exchange) {
        this.request = request;
        this.filter = LogFilter.of(request.getLogSinceMs(), request.getLogSourcesList(), request.getLogMinLevel());
        this.outbox = new Outbox<>(exchange, CAPACITY, this::unsubscribe);
    }

    void start(SandboxViews sandboxes, LogLines logs) {
        subscribe(sandboxes, logs);
        Optional<SandboxView> view = sandboxes.byId(request.getId());
        List<LogLine> tail = request.getFollowLogs() ? logs.newest(request.getId(), tailSize()) : List.of();
        synchronized (this) {
            if (view.isEmpty()) {
                outbox.finish();
                return;
            }
            snapshot(view.get());
            tail.stream().filter(filter::takes).forEach(this::send);
            // Before any change, as a change may be the end.
            Set<LogLine> sent = new HashSet<>(tail);
            earlyLines.stream().filter(line -> !sent.contains(line)).filter(filter.live()::takes).forEach(this::send);
            live = true;
            endWhenReady(view.get());
            earlyChanges.forEach(this::apply);
            earlyLines.clear();
            earlyChanges.clear();
        }
    }

    private int tailSize() {
        int asked = request.getLogTailLines();
        return asked == 0 ? USUAL_TAIL : Integer.compareUnsigned(asked, LogLines.CAPACITY) > 0 ? LogLines.CAPACITY : asked;
    }

    private void subscribe(SandboxViews sandboxes, LogLines logs) {
        add(sandboxes.onChange(this::changed));
        if (request.getFollowLogs()) {
            add(logs.follow(request.getId(), this::logged));
        }
    }

    private void add(Subscription subscription) {
        boolean late;
        synchronized (this) {
            late = over;
            if (!late) {
                subscriptions.add(subscription);
            }
        }
        if (late) {
            subscription.close();
        }
    }

    private void unsubscribe() {
        List<Subscription> closing;
        synchronized (this) {
            over = true;
            closing = List.copyOf(subscriptions);
            subscriptions.clear();
        }
        closing.forEach(Subscription::close);
    }

    private synchronized void changed(SandboxChange change) {
        boolean mine = switch (change) {
            case SandboxChange.Updated updated -> updated.view().id().equals(request.getId());
            case SandboxChange.Removed removed -> removed.sandboxId().equals(request.getId());
        };
        if (!mine) {
            return;
        }
        if (live) {
            apply(change);
        } else {
            earlyChanges.add(change);
        }
    }

    private synchronized void logged(LogLine line) {
        if (!live) {
            earlyLines.add(line);
        } else if (filter.live().takes(line)) {
            send(line);
        }
    }

    private void apply(SandboxChange change) {
        switch (change) {
            case SandboxChange.Updated updated -> {
                if (updated.view().version() <= sentVersion) {
                    return;
                }
                if (request.getFollowStatus()) {
                    snapshot(updated.view());
                }
                endWhenReady(updated.view());
            }
            case SandboxChange.Removed removed -> outbox.finish();
        }
    }

    private void endWhenReady(SandboxView view) {
        if (request.getStopOnTerminal() && view.state().notReady().isEmpty()) {
            outbox.finish();
        }
    }

    private void snapshot(SandboxView view) {
        sentVersion = view.version();
        outbox.offer(SandboxStreamEvent.newBuilder().setSandbox(SandboxMessages.sandbox(view)).build());
    }

    private void send(LogLine line) {
        outbox.offer(SandboxStreamEvent.newBuilder().setLog(LogFilter.message(line)).build());
    }
}
