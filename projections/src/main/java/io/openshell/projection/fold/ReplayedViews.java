package io.openshell.projection.fold;

import io.openshell.log.LogUnavailable;
import io.openshell.log.TopicScan;
import io.openshell.model.AggregateState;
import io.openshell.model.Aggregates;
import io.openshell.model.StreamId;
import io.openshell.projection.past.AsOf;
import io.openshell.projection.past.PastUnavailable;
import io.openshell.projection.past.PastViews;
import io.openshell.projection.past.Views;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Views of the past, by folding the events again with the same fold, from the nearest checkpoint on. A question about one name
 * reads one partition and folds one stream; only a list folds everything. One replay at a time; the newest few results are kept,
 * since questions about one point come together. Blocks; safe for any thread.
 */
public final class ReplayedViews implements PastViews {

    /** Folds of everything, or of all nodes, kept besides the live one. */
    private static final int KEPT_WHOLE = 3;

    /** Folds of one stream kept. */
    private static final int KEPT_STREAMS = 64;

    private static final int KEPT_IDS = 1_024;

    /** A record may carry a time this long before it becomes visible: it is sent, copied to the other brokers and fetched. */
    private static final Duration SETTLES = Duration.ofSeconds(10);

    /** Questions about the newest past wait until ordinary writes of that moment are visible. */
    private static final Duration PAUSE = Duration.ofMillis(60);

    private final TopicScan log;
    private final String topic;
    private final Clock clock;
    private final Checkpoints checkpoints;
    private final ReentrantLock replaying = new ReentrantLock(true);
    private final Map<Question, EventFold> whole = new Newest<>(KEPT_WHOLE);
    private final Map<Question, EventFold> streams = new Newest<>(KEPT_STREAMS);
    private final Map<String, StreamId> ids = Collections.synchronizedMap(new Newest<>(KEPT_IDS));

    /** What was asked for; guarded, as the maps are, by the lock. */
    private record Question(Cut cut, Scope scope) {}

    /** Lets go of what was not used longest. */
    private static final class Newest<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;
        private final int most;

        Newest(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }

    /**
     * Replays this topic of this log.
     *
     * @param clock tells what is the future; the log's own times are compared with it
     */
    public ReplayedViews(TopicScan log, String topic, Clock clock) {
        this(log, topic, clock, Checkpoints.none());
    }

    /** The same from the nearest checkpoint on; adds some where there are none. */
    public ReplayedViews(TopicScan log, String topic, Clock clock, Checkpoints checkpoints) {
        this.log = log;
        this.topic = topic;
        this.clock = clock;
        this.checkpoints = checkpoints;
    }

    @Override
    public Views at(AsOf point, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        Cut cut = cut(point, end);
        return new Views(
                new PastSandboxes(scope -> fold(cut, scope, end), ids),
                () -> {
                    EventFold fold = fold(cut, new Scope.Nodes(), end);
                    return new FoldedNodes(fold, new FoldedSandboxes(fold)).nodes();
                },
                () -> new FoldedGlobalPolicy(fold(cut, new Scope.One(StreamId.globalPolicy()), end)).globalPolicy(),
                new PastProviders(scope -> fold(cut, scope, end)),
                () -> new FoldedSettings(fold(cut, new Scope.One(StreamId.settings()), end)).gatewaySettings());
    }

    @Override
    public AggregateState stateAt(StreamId stream, AsOf point, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        return fold(cut(point, end), new Scope.One(stream), end).image().find(stream)
                .map(StreamState::state)
                .orElseGet(() -> Aggregates.initial(stream.kind()));
    }

    private Cut cut(AsOf point, long end) {
        try {
            Cut cut = new CutFinder(log, topic, clock).find(point, left(end));
            Duration age = Duration.between(cut.time(), clock.instant());
            if (age.compareTo(PAUSE) < 0) {
                TimeUnit.NANOSECONDS.sleep(PAUSE.minus(age).toNanos());
            }
            return cut;
        } catch (LogUnavailable e) {
            throw unread(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private EventFold fold(Cut cut, Scope scope, long end) {
        try {
            if (!replaying.tryLock(left(end).toNanos(), TimeUnit.NANOSECONDS)) {
                throw new PastUnavailable(PastUnavailable.Reason.LOG, "other questions about the past took all the time");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        try {
            Map<Question, EventFold> kept = scope instanceof Scope.One ? streams : whole;
            Question question = new Question(cut, scope);
            EventFold known = kept.get(question);
            if (known != null) {
                return known;
            }
            EventFold fold = new Replay(cut, scope, checkpoints).run(log, topic, left(end));
            if (Duration.between(cut.time(), clock.instant()).compareTo(SETTLES) > 0) {
                kept.put(question, fold);
            }
            return fold;
        } catch (LogUnavailable e) {
            throw unread(e);
        } finally {
            replaying.unlock();
        }
    }

    private static PastUnavailable unread(LogUnavailable cause) {
        return new PastUnavailable(PastUnavailable.Reason.LOG, "the past was not read: " + cause.getMessage(), cause);
    }

    private static PastUnavailable interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new PastUnavailable(PastUnavailable.Reason.LOG, "interrupted while the past was read", cause);
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    }
}
