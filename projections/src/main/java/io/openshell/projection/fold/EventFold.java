package io.openshell.projection.fold;

import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import io.openshell.model.EventEnvelope;
import io.openshell.model.MisfitEvent;
import io.openshell.model.StreamId;
import io.openshell.projection.Subscription;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.UndecodableRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies every event of the log to the {@link Image}, in order, on the follower's thread. An event that cannot be read
 * or applied is set aside and counted; its stream is marked, and all others go on.
 */
public final class EventFold implements RecordListener {

    private static final Logger LOG = LoggerFactory.getLogger(EventFold.class);

    private final Image image = new Image();
    private final Outcomes outcomes = new Outcomes();
    private final List<BiConsumer<EventEnvelope, StreamState>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong applied = new AtomicLong();
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();

    Image image() {
        return image;
    }

    Outcomes outcomes() {
        return outcomes;
    }

    /** Events applied since start. */
    public long applied() {
        return applied.get();
    }

    /** Streams that hold an event this release cannot apply. */
    public List<String> poisoned() {
        return List.copyOf(image.poisoned());
    }

    /** Completes once the fold has seen all that the log held at start. */
    public CompletableFuture<Void> caughtUp() {
        return caughtUp.copy();
    }

    Subscription onEvent(BiConsumer<EventEnvelope, StreamState> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void onRecords(List<LogRecord> records) {
        records.forEach(this::apply);
    }

    @Override
    public void onCaughtUp() {
        caughtUp.complete(null);
    }

    private void apply(LogRecord record) {
        try {
            apply(EventCodec.decode(record.value()), record.value());
        } catch (UndecodableRecord | MisfitEvent e) {
            image.poison(record.key());
            LOG.error("event set aside: stream={} position={} reason={}", record.key(), record.position(), e.toString());
        }
    }

    private void apply(EventEnvelope envelope, byte[] encoded) {
        StreamId stream = envelope.stream();
        StreamState before = image.find(stream).orElseGet(() -> StreamState.empty(stream));
        if (envelope.version() <= before.version() || image.isPoisoned(stream)) {
            return; // seen already, or behind an event that was set aside
        }
        StreamState after = before.after(envelope, EventCodec.hash(encoded));
        image.put(stream, after);
        applied.incrementAndGet();
        for (BiConsumer<EventEnvelope, StreamState> each : listeners) {
            each.accept(envelope, after);
        }
        if (envelope.remaining() == 0) {
            after.recent()
                    .outcome(envelope.context().commandId())
                    .ifPresent(outcome -> outcomes.complete(envelope.context().commandId(), outcome));
        }
    }
}
