package io.openshell.projection.fold;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a snapshot of the fold in a file, so that a start reads only the events behind it. Written by a thread of its own
 * after so many events, and at the end; a fold that goes on meanwhile is not held up.
 */
public final class Snapshots implements AutoCloseable {

    /** Events between two snapshots, unless told otherwise. */
    public static final long EVERY = 50_000;

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
    private static final long LAST_WRITE_S = 20;

    private final SnapshotFile file;
    private final Checkpoints checkpoints;
    private final long every;
    private final EventFold fold;
    private final Map<Integer, Long> positions;
    private final long restored;
    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("snapshot").daemon().factory());
    private final AtomicBoolean writing = new AtomicBoolean();
    private volatile long writtenAt;

    /** When the newest usable snapshot was written. */
    private volatile Optional<Instant> written;

    /**
     * Reads the snapshot of this log, if there is one that can be used, into a fold.
     *
     * @param topicId of the topic of events
     * @param ends where its partitions end now: a snapshot that knows of more belongs to a log that was cut off
     * @param checkpoints get every snapshot too
     */
    public static Snapshots open(
            Path path, String topicId, Map<Integer, Long> ends, long every, Checkpoints checkpoints) {
        return new Snapshots(new SnapshotFile(path, topicId), ends, every, checkpoints);
    }

    private Snapshots(SnapshotFile file, Map<Integer, Long> ends, long every, Checkpoints checkpoints) {
        this.file = file;
        this.checkpoints = checkpoints;
        this.every = every;
        Optional<FoldSnapshot> found = file.read().filter(each -> within(each.positions(), ends));
        this.fold = new EventFold(found, this::offer);
        this.positions = found.map(FoldSnapshot::positions).orElse(Map.of());
        this.written = found.flatMap(each -> file.writtenAt());
        this.restored = found.stream().flatMap(each -> each.streams().stream()).mapToLong(StreamState::version).sum();
    }

    private static boolean within(Map<Integer, Long> positions, Map<Integer, Long> ends) {
        boolean within = positions.entrySet().stream()
                .allMatch(each -> each.getValue() <= ends.getOrDefault(each.getKey(), 0L));
        if (!within) {
            LOG.warn("the snapshot is not used, every event is read instead: the log is shorter than it was");
        }
        return within;
    }

    /** The fold, empty or as the snapshot has it. */
    public EventFold fold() {
        return fold;
    }

    /** Where to go on reading, by partition; empty for the beginning. */
    public Map<Integer, Long> positions() {
        return positions;
    }

    /** Events the snapshot stood for. */
    public long restored() {
        return restored;
    }

    /** When the snapshot that the next start would use was written; empty when there is none. Any thread. */
    public Optional<Instant> written() {
        return written;
    }

    /** On the fold's thread, between two batches. */
    private void offer() {
        long applied = fold.applied();
        if (applied - writtenAt < every || !writing.compareAndSet(false, true)) {
            return;
        }
        Optional<FoldSnapshot> now = fold.snapshot();
        if (now.isEmpty()) {
            writing.set(false);
            return;
        }
        writtenAt = applied;
        writer.execute(() -> {
            write(now.get());
            writing.set(false);
        });
    }

    private void write(FoldSnapshot snapshot) {
        try {
            file.write(snapshot);
            written = file.writtenAt();
            checkpoints.keep(snapshot);
        } catch (IOException e) {
            LOG.warn("no snapshot was written; the next start reads more events: {}", e.toString());
        }
    }

    /** Writes the last one. Once the fold is no longer fed. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(LAST_WRITE_S, TimeUnit.SECONDS)) {
                LOG.warn("a snapshot was still being written at the end; it is left as it was");
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (fold.applied() > writtenAt) {
            fold.snapshot().ifPresent(this::write);
        }
    }
}
