package io.openshell.projection.fold;

import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.log.RecordListener;
import io.openshell.model.EventEnvelope;
import io.openshell.model.EventSkipped;
import io.openshell.model.StreamId;
import io.openshell.projection.PoisonedStream;
import io.openshell.projection.Subscription;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.UndecodableRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies every event of the log to the {@link Image}, in order, on the follower's thread. Readers see the events of one
 * command all at once. A record that cannot be read or applied is set aside and counted; its stream is marked and stays
 * as it was before, and all others go on.
 */
public final class EventFold implements RecordListener {

    private static final Logger LOG = LoggerFactory.getLogger(EventFold.class);

    private final Image image = new Image();
    private final Outcomes outcomes = new Outcomes();
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final AtomicLong applied = new AtomicLong();
    private final AtomicLong setAside = new AtomicLong();
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();

    /** Streams in the middle of a command's events. Fold thread only; at most one per partition of the log. */
    private final Map<StreamId, StreamState> unfinished = new HashMap<>();

    /** Where each partition goes on. Fold thread only. */
    private final Map<Integer, Long> positions = new HashMap<>();

    /** Of the newest record taken, and how many they were. Fold thread only. */
    private Instant newest = Instant.EPOCH;
    private long taken;

    private final Runnable afterBatch;

    /** Empty. */
    public EventFold() {
        this(Optional.empty(), () -> {});
    }

    /** As a snapshot has it; {@code afterBatch} runs on the fold's thread, when a snapshot may be taken. */
    EventFold(Optional<FoldSnapshot> from, Runnable afterBatch) {
        this.afterBatch = afterBatch;
        from.ifPresent(snapshot -> {
            snapshot.streams().forEach(each -> image.put(StreamState.empty(each.stream()), each));
            snapshot.called().forEach(image.called()::add);
            snapshot.poisoned().forEach(image::poison);
            positions.putAll(snapshot.positions());
            newest = snapshot.reach().newest();
            taken = snapshot.reach().records();
        });
    }

    /** What is folded so far; nothing in the middle of a command. On the fold's thread, or once it is no longer fed. */
    Optional<FoldSnapshot> snapshot() {
        return unfinished.isEmpty()
                ? Optional.of(new FoldSnapshot(
                        new FoldSnapshot.Reach(Map.copyOf(positions), newest, taken), List.copyOf(image.all()), image.called().all(), image.poisoned()))
                : Optional.empty();
    }

    /** Hears of every command's effect on its stream, once, on the fold's thread. */
    @FunctionalInterface
    interface Listener {
        void onCommand(StreamState before, StreamState after);
    }

    /** Tells two subscriptions of one listener apart. */
    private static final class Subscriber {
        private final Listener listener;

        Subscriber(Listener listener) {
            this.listener = listener;
        }
    }

    Image image() {
        return image;
    }

    Outcomes outcomes() {
        return outcomes;
    }

    /** Events applied since start. Any thread. */
    public long applied() {
        return applied.get();
    }

    /** Records set aside since start because they could not be read or applied. Any thread. */
    public long setAside() {
        return setAside.get();
    }

    /** Streams that hold an event this release cannot read or apply; no command of theirs is decided here. Any thread. */
    public List<String> poisoned() {
        return image.poisoned().stream().map(PoisonedStream::stream).toList();
    }

    /** The same streams with where and why they came to a stop, by name. Any thread. */
    public List<PoisonedStream> poison() {
        return image.poisoned();
    }

    /** Completes once the fold has seen all that the log held at start; never when the follower stops before. */
    public CompletableFuture<Void> caughtUp() {
        return caughtUp.copy();
    }

    Subscription onCommand(Listener listener) {
        Subscriber subscriber = new Subscriber(listener);
        subscribers.add(subscriber);
        return () -> subscribers.remove(subscriber);
    }

    @Override
    public void onRecords(List<LogRecord> records) {
        for (LogRecord record : records) {
            take(record);
            newest = record.logTime().isAfter(newest) ? record.logTime() : newest;
        }
        taken += records.size();
        reached(records);
        afterBatch.run();
    }

    private void reached(List<LogRecord> records) {
        for (int i = 0; i < records.size(); i++) {
            Position last = records.get(i).position();
            if (i == records.size() - 1 || records.get(i + 1).position().partition() != last.partition()) {
                positions.put(last.partition(), last.offset() + 1);
            }
        }
    }

    @Override
    public void onCaughtUp() {
        caughtUp.complete(null);
    }

    private void take(LogRecord record) {
        Step step;
        try {
            step = next(decode(record), record);
        } catch (RuntimeException e) {
            // Pure code failed on what the log holds, so the record is to blame, whatever it threw.
            setAside(record, e);
            return;
        }
        if (step != null) {
            perform(step);
        }
    }

    /**
     * What one event does.
     *
     * @param before the stream before the first event of the command
     */
    private record Step(EventEnvelope envelope, StreamState before, StreamState after) {}

    private static EventEnvelope decode(LogRecord record) {
        EventEnvelope envelope = EventCodec.decode(record.value());
        if (!envelope.stream().isNamed(String.valueOf(record.key()))) {
            throw new UndecodableRecord("an event of stream " + envelope.stream() + " under another stream's key");
        }
        return envelope;
    }

    private @Nullable Step next(EventEnvelope envelope, LogRecord record) {
        StreamId stream = envelope.stream();
        if (image.isPoisoned(stream) && !heals(envelope)) {
            return null;
        }
        StreamState before = current(stream);
        StreamState inCommand = unfinished.isEmpty() ? null : unfinished.get(stream);
        StreamState last = inCommand == null ? before : inCommand;
        if (envelope.version() <= last.version()) {
            LOG.warn("event left out, its version is taken: stream={} version={} position={}",
                    stream, envelope.version(), record.position());
            return null;
        }
        return new Step(envelope, before, last.after(envelope, EventCodec.hash(record.value())));
    }

    /** Whether this event says that the record the stream stopped at is left out. */
    private boolean heals(EventEnvelope envelope) {
        return envelope.event() instanceof EventSkipped skipped
                && skipped.version() == envelope.version()
                && image.poison(envelope.stream()).map(p -> p.version() == skipped.version()).orElse(false);
    }

    private StreamState current(StreamId stream) {
        return image.find(stream).orElseGet(() -> StreamState.empty(stream));
    }

    private void perform(Step step) {
        EventEnvelope envelope = step.envelope();
        StreamState before = step.before();
        StreamState after = step.after();
        applied.incrementAndGet();
        if (envelope.remaining() > 0) {
            unfinished.put(after.stream(), after);
            return;
        }
        if (!unfinished.isEmpty()) {
            unfinished.remove(after.stream());
        }
        image.put(before, after);
        if (envelope.event() instanceof EventSkipped) {
            image.heal(after.stream());
        }
        subscribers.forEach(each -> tell(each, before, after));
        RecentCommands.Entry entry = after.recent().newest();
        if (!entry.digest().isEmpty()) {
            image.called().add(new CalledCommands.Called(entry.id(), after.stream(), entry.digest(), entry.outcome()));
        }
        outcomes.complete(after.stream(), entry);
    }

    private void tell(Subscriber subscriber, StreamState before, StreamState after) {
        try {
            subscriber.listener.onCommand(before, after);
        } catch (RuntimeException e) {
            // One bad subscriber must not stop the fold of the whole process.
            subscribers.remove(subscriber);
            LOG.error("a subscriber failed and is told no more: stream={}", after.stream(), e);
        }
    }

    private long goodVersion(String stream) {
        try {
            return current(StreamId.parse(stream)).version();
        } catch (IllegalArgumentException e) {
            return 0; // no aggregate has such a stream, so it never held a good event
        }
    }

    private void setAside(LogRecord record, RuntimeException cause) {
        String stream = String.valueOf(record.key());
        boolean newer = cause instanceof UndecodableRecord unread && unread.newer();
        PoisonedStream found = new PoisonedStream(stream, goodVersion(stream) + 1, record.position().partition(),
                record.position().offset(), newer ? String.valueOf(cause.getMessage()) : cause.toString(), newer);
        image.poison(found);
        unfinished.keySet().removeIf(each -> each.toString().equals(stream));
        setAside.incrementAndGet();
        LOG.error("event set aside: stream={} position={} reason={}", stream, record.position(), cause.toString());
        outcomes.fail(stream, found.rejection().reason());
    }
}
