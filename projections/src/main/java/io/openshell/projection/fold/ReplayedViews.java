package io.openshell.projection.fold;

import io.openshell.log.LogRecord;
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
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Views of the past, by folding the events again from the beginning with the same fold. One replay at a time; the newest
 * few results are kept, since questions about one point come together. Blocks; safe for any thread.
 */
public final class ReplayedViews implements PastViews {

    /** Folds kept besides the live one. */
    private static final int KEPT = 3;

    /** Names in one fold at the most; beyond it the answer would crowd out the live views. */
    private static final int MOST_STREAMS = 200_000;

    /** A record may carry a time this long before it becomes visible: a transaction under way takes it with it. */
    private static final Duration SETTLES = Duration.ofSeconds(10);

    /** Questions about the newest past wait until ordinary transactions of that moment have ended. */
    private static final Duration PAUSE = Duration.ofMillis(60);

    private final TopicScan log;
    private final String topic;
    private final Clock clock;
    private final ReentrantLock replaying = new ReentrantLock(true);

    /** Newest use last; guarded by the lock. */
    private final Map<Cut, EventFold> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Cut, EventFold> eldest) {
            return size() > KEPT;
        }
    };

    /**
     * Replays this topic of this log.
     *
     * @param clock tells what is the future; the log's own times are compared with it
     */
    public ReplayedViews(TopicScan log, String topic, Clock clock) {
        this.log = log;
        this.topic = topic;
        this.clock = clock;
    }

    @Override
    public Views at(AsOf point, Duration deadline) {
        EventFold fold = fold(point, deadline);
        FoldedSandboxes sandboxes = new FoldedSandboxes(fold);
        return new Views(sandboxes, new FoldedNodes(fold, sandboxes));
    }

    @Override
    public AggregateState stateAt(StreamId stream, AsOf point, Duration deadline) {
        return fold(point, deadline).image().find(stream)
                .map(StreamState::state)
                .orElseGet(() -> Aggregates.initial(stream.kind()));
    }

    private EventFold fold(AsOf point, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        try {
            if (!replaying.tryLock(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new PastUnavailable(PastUnavailable.Reason.LOG, "other questions about the past took all the time");
            }
            try {
                Cut cut = new CutFinder(log, topic, clock).find(point, left(end));
                settle(cut);
                EventFold known = kept.get(cut);
                return known == null ? replay(cut, left(end)) : known;
            } finally {
                replaying.unlock();
            }
        } catch (LogUnavailable e) {
            throw new PastUnavailable(PastUnavailable.Reason.LOG, "the past was not read: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PastUnavailable(PastUnavailable.Reason.LOG, "interrupted while the past was read", e);
        }
    }

    private void settle(Cut cut) throws InterruptedException {
        Duration age = Duration.between(cut.time(), clock.instant());
        if (age.compareTo(PAUSE) < 0) {
            TimeUnit.NANOSECONDS.sleep(PAUSE.minus(age).toNanos());
        }
    }

    private EventFold replay(Cut cut, Duration deadline) {
        Replay replay = new Replay(cut);
        log.read(topic, Map.of(), replay::take, deadline);
        if (replay.taken == 0) {
            Instant first = replay.first;
            throw new PastUnavailable(PastUnavailable.Reason.BEFORE_LOG, first == null
                    ? "the log holds no event yet"
                    : cut.time() + " lies before the first event of the log, which is of " + first);
        }
        if (Duration.between(cut.time(), clock.instant()).compareTo(SETTLES) > 0) {
            kept.put(cut, replay.fold);
        }
        return replay.fold;
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    }

    /** One pass over the log. */
    private static final class Replay {
        private final Cut cut;
        private final EventFold fold = new EventFold();
        private long taken;
        private @Nullable Instant first;

        Replay(Cut cut) {
            this.cut = cut;
        }

        boolean take(LogRecord record) {
            if (!cut.takes(record)) {
                if (first == null || record.logTime().isBefore(first)) {
                    first = record.logTime();
                }
                return false;
            }
            taken++;
            fold.onRecords(List.of(record));
            if (fold.image().size() > MOST_STREAMS) {
                throw new PastUnavailable(PastUnavailable.Reason.TOO_LARGE,
                        "there were more than " + MOST_STREAMS + " names then; ask for one sandbox's history instead");
            }
            return true;
        }
    }
}
