package io.openshell.projection.fold;

import io.openshell.log.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of the fold as it was at earlier points of the log, so that a question about the past folds only the events
 * between the nearest of them and its point. They are a short cut: one that cannot be used is deleted, and all of them may
 * be. Any thread; reading and writing files blocks.
 */
public final class Checkpoints {

    /** Records between two of them, unless told otherwise. */
    public static final long EVERY = 50_000;

    /** Files kept at the most, and their bytes; beyond, the distance between two of them grows. */
    private static final int MOST = 32;
    private static final long MOST_BYTES = 512L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final String SUFFIX = ".checkpoint";

    private final Optional<Path> folder;
    private final String topicId;
    private final long every;

    /** By the number of records they stand for. Guarded by this. */
    private final TreeMap<Long, Kept> kept = new TreeMap<>();

    private record Kept(Path file, FoldSnapshot.Reach reach, long bytes) {}

    private Checkpoints(Optional<Path> folder, String topicId, long every) {
        this.folder = folder;
        this.topicId = topicId;
        this.every = every;
    }

    /** Keeps none. */
    public static Checkpoints none() {
        return new Checkpoints(Optional.empty(), "", EVERY);
    }

    /**
     * Those of this log in this folder, which is made if it is missing.
     *
     * @param topicId of the topic of events
     * @param ends where its partitions end now: what knows of more belongs to a log that was cut off
     */
    public static Checkpoints open(Path folder, String topicId, Map<Integer, Long> ends, long every) {
        Checkpoints checkpoints = new Checkpoints(Optional.of(folder), topicId, every);
        try {
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(file -> checkpoints.find(file, ends));
            }
        } catch (IOException e) {
            LOG.warn("checkpoints of the past cannot be read, questions about it take longer: {}", e.toString());
        }
        return checkpoints;
    }

    private synchronized void find(Path file, Map<Integer, Long> ends) {
        Optional<FoldSnapshot.Reach> reach = new SnapshotFile(file, topicId).reach().filter(each ->
                each.positions().entrySet().stream().allMatch(p -> p.getValue() <= ends.getOrDefault(p.getKey(), 0L)));
        if (reach.isPresent() && file.toString().endsWith(SUFFIX)) {
            kept.put(reach.get().records(), new Kept(file, reach.get(), size(file)));
        } else {
            delete(file);
        }
    }

    /** How many there are. */
    public synchronized int size() {
        return kept.size();
    }

    /** Records between two of them. */
    long every() {
        return every;
    }

    /** Keeps this one, unless one about as far is there already. */
    synchronized void keep(FoldSnapshot snapshot) {
        long records = snapshot.reach().records();
        if (folder.isEmpty() || !kept.subMap(records - every + 1, records + every).isEmpty()) {
            return;
        }
        Path file = folder.get().resolve(records + SUFFIX);
        try {
            new SnapshotFile(file, topicId).write(snapshot);
            kept.put(records, new Kept(file, snapshot.reach(), Files.size(file)));
            while (kept.size() > MOST || kept.values().stream().mapToLong(Kept::bytes).sum() > MOST_BYTES) {
                delete(kept.remove(leastMissed()).file());
            }
        } catch (IOException e) {
            LOG.warn("no checkpoint of the past was written: {}", e.toString());
        }
    }

    /** The one whose neighbours are nearest to each other. */
    private long leastMissed() {
        List<Long> all = new ArrayList<>(kept.keySet());
        long least = all.getLast();
        long smallest = Long.MAX_VALUE;
        for (int i = 0; i < all.size() - 1; i++) {
            long gap = all.get(i + 1) - (i == 0 ? 0 : all.get(i - 1));
            if (gap < smallest) {
                smallest = gap;
                least = all.get(i);
            }
        }
        return least;
    }

    /** The farthest that holds nothing behind the cut. */
    Optional<FoldSnapshot> nearest(Cut cut) {
        while (true) {
            Optional<Kept> found = farthest(cut);
            Optional<FoldSnapshot> read = found.flatMap(each -> new SnapshotFile(each.file(), topicId).read());
            if (read.isPresent() || found.isEmpty()) {
                return read;
            }
            forget(found.get());
        }
    }

    private synchronized Optional<Kept> farthest(Cut cut) {
        return kept.descendingMap().values().stream().filter(each -> within(each.reach(), cut)).findFirst();
    }

    private static boolean within(FoldSnapshot.Reach reach, Cut cut) {
        Optional<Position> through = cut.through();
        return !reach.newest().isAfter(cut.time()) && through
                .map(last -> reach.positions().getOrDefault(last.partition(), 0L) <= last.offset() + 1)
                .orElse(true);
    }

    private synchronized void forget(Kept bad) {
        kept.remove(bad.reach().records(), bad);
        delete(bad.file());
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("the file {} is of no use and cannot be deleted: {}", file, e.toString());
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // it is gone or unreadable, which its reader will find out
        }
    }
}
