package io.openshell.projection.logs;

import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import io.openshell.projection.Subscription;
import io.openshell.wire.events.UndecodableRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log lines folded from the activity topic: the newest of each sandbox, and followers. Kept for a bounded number of
 * sandboxes; beyond it the one that was silent longest is let go. Written by one thread, read by any.
 */
public final class FoldedLogLines implements LogLines, RecordListener {

    /** Sandboxes whose lines are kept at the most, unless told otherwise. */
    public static final int SANDBOXES = 1_024;

    /** Characters kept in all at the most, unless told otherwise. */
    public static final long ALL_CHARACTERS = 32L << 20;

    /** Characters kept per sandbox at the most, so that long lines crowd out old ones and not the process. */
    static final long CHARACTERS = 1L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(FoldedLogLines.class);

    /** In the order of the newest use; guarded by itself, and so is {@link #characters}. */
    private final Map<String, SandboxLines> newest = new LinkedHashMap<>(16, 0.75f, true);

    private final int mostSandboxes;
    private final long mostCharacters;
    private long characters;
    private final Map<String, List<Follower>> followers = new ConcurrentHashMap<>();
    private final AtomicLong setAside = new AtomicLong();
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();

    /** Tells two subscriptions of one listener apart. */
    private static final class Follower {
        private final Consumer<LogLine> listener;

        Follower(Consumer<LogLine> listener) {
            this.listener = listener;
        }
    }

    /** With the default bounds. */
    public FoldedLogLines() {
        this(SANDBOXES, ALL_CHARACTERS);
    }

    /** Keeps the lines of this many sandboxes and this many characters in all at the most. */
    public FoldedLogLines(int mostSandboxes, long mostCharacters) {
        this.mostSandboxes = mostSandboxes;
        this.mostCharacters = mostCharacters;
    }

    @Override
    public List<LogLine> newest(String sandboxId, int count) {
        SandboxLines lines = lines(sandboxId);
        return lines == null ? List.of() : lines.newest(count);
    }

    @Override
    public Optional<LogLine> decision(String decisionId) {
        List<SandboxLines> all;
        synchronized (newest) {
            all = List.copyOf(newest.values());
        }
        return all.stream().flatMap(lines -> lines.newest(CAPACITY).stream())
                .filter(line -> decisionId.equals(line.fields().get("decision_id"))).findFirst();
    }

    private @Nullable SandboxLines lines(String sandboxId) {
        synchronized (newest) {
            return newest.get(sandboxId);
        }
    }

    @Override
    public Subscription follow(String sandboxId, Consumer<LogLine> listener) {
        Follower follower = new Follower(listener);
        followers.compute(sandboxId, (id, all) -> {
            List<Follower> more = all == null ? new CopyOnWriteArrayList<>() : all;
            more.add(follower);
            return more;
        });
        return () -> remove(sandboxId, follower);
    }

    private void remove(String sandboxId, Follower follower) {
        followers.computeIfPresent(sandboxId, (id, all) -> {
            all.remove(follower);
            return all.isEmpty() ? null : all;
        });
    }

    /** Lets go of the lines of a sandbox that is gone. */
    public void forget(String sandboxId) {
        synchronized (newest) {
            SandboxLines gone = newest.remove(sandboxId);
            characters -= gone == null ? 0 : gone.characters();
        }
    }

    /** Records set aside since start because they could not be read. Any thread. */
    public long setAside() {
        return setAside.get();
    }

    /** Completes once all lines the log held at start were folded; never when the follower stops before. */
    public CompletableFuture<Void> caughtUp() {
        return caughtUp.copy();
    }

    @Override
    public void onRecords(List<LogRecord> records) {
        records.forEach(this::take);
    }

    @Override
    public void onCaughtUp() {
        caughtUp.complete(null);
    }

    private void take(LogRecord record) {
        ActivityLine next;
        try {
            next = decode(record);
        } catch (RuntimeException e) {
            setAside.incrementAndGet();
            LOG.error("activity record set aside: position={} reason={}", record.position(), e.toString());
            return;
        }
        String sandboxId = next.line().sandboxId();
        List<LogLine> added = add(sandboxId, next);
        // Outside of every lock: a listener may close its subscription or read.
        for (Follower each : followers.getOrDefault(sandboxId, List.of())) {
            added.forEach(line -> tell(sandboxId, each, line));
        }
    }

    private List<LogLine> add(String sandboxId, ActivityLine next) {
        synchronized (newest) {
            SandboxLines lines = newest.computeIfAbsent(sandboxId, id -> new SandboxLines(CAPACITY, CHARACTERS));
            long before = lines.characters();
            List<LogLine> added = lines.add(next);
            characters += lines.characters() - before;
            while (newest.size() > 1 && (newest.size() > mostSandboxes || characters > mostCharacters)) {
                // The first is the one unused longest; the one just written to is the last.
                forget(newest.keySet().iterator().next());
            }
            return added;
        }
    }

    private static ActivityLine decode(LogRecord record) {
        ActivityLine next = ActivityLine.decode(record.value());
        if (!next.line().sandboxId().equals(record.key())) {
            throw new UndecodableRecord("a line about a sandbox other than its key");
        }
        return next;
    }

    private void tell(String sandboxId, Follower follower, LogLine line) {
        try {
            follower.listener.accept(line);
        } catch (RuntimeException e) {
            // One bad follower must not stop the fold of the whole process.
            remove(sandboxId, follower);
            LOG.error("a follower of log lines failed and is told no more: sandbox={}", sandboxId, e);
        }
    }
}
