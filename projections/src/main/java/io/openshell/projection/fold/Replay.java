package io.openshell.projection.fold;

import io.openshell.log.LogRecord;
import io.openshell.log.TopicScan;
import io.openshell.projection.past.PastUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One pass over the log up to a cut. One use, one thread. */
final class Replay {

    /** Names in one fold at the most; beyond it the answer would crowd out the live views. */
    private static final int MOST_STREAMS = 200_000;

    private final Cut cut;
    private final Scope scope;
    private final Checkpoints checkpoints;
    private final Optional<FoldSnapshot> from;
    private final EventFold fold;
    private boolean reached;
    private long sinceKept;
    private @Nullable Instant first;

    /** Reads the nearest checkpoint, so it blocks. */
    Replay(Cut cut, Scope scope, Checkpoints checkpoints) {
        this.cut = cut;
        this.scope = scope;
        this.checkpoints = checkpoints;
        this.from = checkpoints.nearest(cut);
        this.fold = new EventFold(from.map(scope::of), () -> {});
        // What a checkpoint stands for lies before the cut.
        this.reached = from.isPresent();
    }

    EventFold run(TopicScan log, String topic, Duration deadline) {
        Map<Integer, Long> positions = from.map(FoldSnapshot::positions).orElse(Map.of());
        switch (scope) {
            case Scope.One one -> {
                log.readStream(topic, one.stream().toString(), positions, this::take, deadline);
                if (!reached) {
                    // Nothing up to there in this partition; the first record of each tells whether there was a log.
                    log.read(topic, Map.of(), record -> take(record) && false, deadline);
                }
            }
            case Scope.Nodes nodes -> log.read(topic, positions, this::take, deadline);
            case Scope.Everything all -> log.read(topic, positions, this::take, deadline);
        }
        if (!reached) {
            throw new PastUnavailable(PastUnavailable.Reason.BEFORE_LOG, first == null
                    ? "the log holds no event yet"
                    : cut.time() + " lies before the first event of the log, which is of " + first);
        }
        return fold;
    }

    /** So that this question, should its time run out, gets further when it is asked again. */
    private void keepNowAndThen() {
        sinceKept++;
        if (scope instanceof Scope.Everything && sinceKept >= checkpoints.every()) {
            fold.snapshot().ifPresent(snapshot -> {
                checkpoints.keep(snapshot);
                sinceKept = 0;
            });
        }
    }

    private boolean take(LogRecord record) {
        if (!cut.takes(record)) {
            if (first == null || record.logTime().isBefore(first)) {
                first = record.logTime();
            }
            return false;
        }
        reached = true;
        if (scope.wants(record.key())) {
            fold.onRecords(List.of(record));
            if (fold.image().size() > MOST_STREAMS) {
                throw new PastUnavailable(PastUnavailable.Reason.TOO_LARGE,
                        "there were more than " + MOST_STREAMS + " names then; ask for one sandbox instead");
            }
            keepNowAndThen();
        }
        return true;
    }
}
