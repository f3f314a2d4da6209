package io.openshell.gateway.time;

import io.openshell.gateway.grpc.Refusal;
import io.openshell.log.LogRecord;
import io.openshell.log.LogUnavailable;
import io.openshell.log.RecordListener;
import io.openshell.model.Event;
import io.openshell.projection.history.store.HistoryStore;
import io.openshell.projection.history.store.StoreFailed;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the history store fed, on a thread of its own. A store that fails is opened again after a pause, a damaged one is
 * replaced; both go on from the log. Methods block and are safe for any thread.
 */
public final class StoredHistory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoredHistory.class);
    private static final Duration CATCH_UP = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final long LOOK_MS = 2;

    private final Path file;
    private final Function<Event, String> body;
    private final LogFeed log;
    private final StoreFollowers followers = new StoreFollowers();
    private final BlockingQueue<Signal> signals = new ArrayBlockingQueue<>(16);
    private final Thread thread;
    private volatile @Nullable Feeding feeding;
    private volatile boolean closing;
    private volatile long deleted;

    /** What the keeping thread is told. */
    private enum Signal {
        FAILED,
        REBUILD,
        CLOSE
    }

    /** One opened store with the follower that feeds it; once it failed, the follower runs on without it. */
    private record Feeding(HistoryStore store, LogFeed.Following follower, AtomicBoolean failed) {
        boolean holds(Map<Integer, Long> wanted) {
            return wanted.entrySet().stream().allMatch(e -> follower.passed(e.getKey(), e.getValue())) && !failed.get();
        }
    }

    private StoredHistory(Path file, Function<Event, String> body, LogFeed log) {
        this.file = file;
        this.body = body;
        this.log = log;
        this.thread = Thread.ofPlatform().name("history-store").daemon().unstarted(this::keep);
    }

    /** Starts feeding; returns at once. */
    public static StoredHistory start(Path file, Function<Event, String> body, LogFeed log) {
        StoredHistory history = new StoredHistory(file, body, log);
        history.thread.start();
        return history;
    }

    /** Listeners of what is appended. */
    StoreFollowers followers() {
        return followers;
    }

    /**
     * The store, once it holds what the served views have folded at the call.
     *
     * @throws Refusal when that takes longer than ten seconds
     */
    HistoryStore upToDate() {
        Map<Integer, Long> wanted = log.served();
        long end = System.nanoTime() + CATCH_UP.toNanos();
        while (System.nanoTime() - end < 0) {
            Feeding now = feeding;
            if (now != null && now.holds(wanted)) {
                return now.store();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MS));
        }
        throw new Refusal(GrpcStatus.UNAVAILABLE, "the history store is being fed and not there yet; ask again later");
    }

    /**
     * Deletes the store and feeds a new one until it holds what the served views have folded at the call.
     *
     * @param progress hears of partitions done and of all, a few times a second, on the calling thread
     */
    void rebuild(Progress progress, Duration deadline) {
        Map<Integer, Long> wanted = log.served();
        long before = deleted;
        if (!signals.offer(Signal.REBUILD)) {
            throw new Refusal(GrpcStatus.RESOURCE_EXHAUSTED, "the history store is being rebuilt already");
        }
        long end = System.nanoTime() + deadline.toNanos();
        long total = wanted.values().stream().mapToLong(Long::longValue).sum();
        while (System.nanoTime() - end < 0 && !closing) {
            Feeding now = feeding;
            boolean begun = now != null && deleted > before;
            boolean done = begun && now.holds(wanted);
            long fed = followers.reached().entrySet().stream()
                    .mapToLong(e -> Math.min(e.getValue(), wanted.getOrDefault(e.getKey(), 0L))).sum();
            progress.at(done ? total : begun ? Math.min(fed, total) : 0, total);
            if (done) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        throw new Refusal(GrpcStatus.DEADLINE_EXCEEDED, "the history store was not rebuilt within " + deadline
                + "; it goes on being fed");
    }

    /** Hears how far something is. */
    @FunctionalInterface
    interface Progress {
        void at(long done, long total);
    }

    private void keep() {
        boolean fresh = false;
        while (!closing) {
            Signal why = Signal.FAILED;
            try {
                if (fresh) {
                    HistoryStore.delete(file);
                    deleted++; // this thread only
                }
                why = feed();
            } catch (StoreFailed | LogUnavailable e) {
                LOG.error("the history store cannot be used and is tried again: file={}", file, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            fresh = why == Signal.REBUILD;
            if (why == Signal.FAILED) {
                pause();
            }
        }
    }

    /** Feeds one opened store until a signal comes. */
    private Signal feed() throws InterruptedException {
        try (HistoryStore store = HistoryStore.open(file, body)) {
            if (store.opening() == HistoryStore.Opening.REPLACED) {
                LOG.warn("the history store was damaged or of another release and is fed again: file={}", file);
            }
            if (!isOfThisLog(store)) {
                LOG.warn("the history store was fed from another log and is fed again: file={}", file);
                return Signal.REBUILD;
            }
            Map<Integer, Long> from = store.positions();
            followers.reset(from);
            AtomicBoolean failed = new AtomicBoolean();
            try (LogFeed.Following follower = log.follow(from, listener(store, failed))) {
                feeding = new Feeding(store, follower, failed);
                return signals.take();
            } finally {
                feeding = null;
            }
        }
    }

    /** The newest rows tell: another log has other events there, or none. */
    private boolean isOfThisLog(HistoryStore store) {
        Map<Integer, Long> offsets = new HashMap<>();
        store.newest().forEach((partition, row) -> offsets.put(partition, row.position().offset()));
        return offsets.isEmpty() || store.isOf(log.at(offsets));
    }

    private RecordListener listener(HistoryStore store, AtomicBoolean failed) {
        return new RecordListener() {
            @Override
            public void onRecords(List<LogRecord> records) {
                if (failed.get()) {
                    return;
                }
                try {
                    followers.append(records, store, body);
                } catch (StoreFailed e) {
                    // The store keeps its position, so that opening it again goes on from there.
                    failed.set(true);
                    LOG.error("the history store does not take events and is opened again: file={}", file, e);
                    tellFailed();
                }
            }

            @Override
            public void onCaughtUp() {
                LOG.info("history store ready: file={}", file);
            }
        };
    }

    private void tellFailed() {
        if (!signals.offer(Signal.FAILED)) {
            LOG.debug("the history store is opened again already");
        }
    }

    private void pause() {
        long end = System.nanoTime() + RETRY.toNanos();
        while (!closing && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    @Override
    public void close() {
        closing = true;
        if (!signals.offer(Signal.CLOSE)) {
            LOG.debug("the history store has other signals first");
        }
        try {
            if (!thread.join(CLOSE)) {
                LOG.error("the history store did not end within {}", CLOSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
