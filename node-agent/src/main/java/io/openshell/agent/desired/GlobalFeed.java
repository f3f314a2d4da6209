package io.openshell.agent.desired;

import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import io.openshell.model.AggregateState;
import io.openshell.model.Aggregates;
import io.openshell.model.EventEnvelope;
import io.openshell.model.MisfitEvent;
import io.openshell.model.StreamId;
import io.openshell.model.Surroundings;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.settings.Settings;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.UndecodableRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folds what concerns every node: the global policy and the gateway's settings. Written by the feed's thread, read by any. */
public final class GlobalFeed implements RecordListener {

    private static final Logger LOG = LoggerFactory.getLogger(GlobalFeed.class);

    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final Map<StreamId, Long> versions = new HashMap<>();
    private final Set<String> poisoned = new HashSet<>();
    private volatile Surroundings around = Surroundings.NONE;
    private volatile Runnable listener = () -> {};

    /** Everything that is said for every sandbox. */
    public Surroundings around() {
        return around;
    }

    /** Tells this listener, and nobody before it, of every change from now on. It must not block. */
    public void onChange(Runnable next) {
        listener = next;
    }

    /** Waits until history has been folded; false when that takes longer than so many milliseconds. */
    public boolean awaitHistory(long longestMs) throws InterruptedException {
        return caughtUp.await(longestMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void onRecords(List<LogRecord> records) {
        Surroundings before = around;
        records.forEach(this::take);
        if (!before.equals(around)) {
            listener.run();
        }
    }

    @Override
    public void onCaughtUp() {
        caughtUp.countDown();
    }

    private void take(LogRecord record) {
        try {
            if (!poisoned.contains(record.key())) {
                take(EventCodec.decode(record.value()));
            }
        } catch (UndecodableRecord | MisfitEvent e) {
            // What such an event wanted is not known: all stays as it is, as a sandbox does in the same case.
            poisoned.add(record.key());
            LOG.error("event set aside: stream={} position={} reason={}", record.key(), record.position(), e.toString());
        }
    }

    private void take(EventEnvelope envelope) {
        StreamId stream = envelope.stream();
        if (envelope.version() <= versions.getOrDefault(stream, 0L)) {
            return; // seen already
        }
        around = switch (stream.kind()) {
            case POLICY -> after(around.globalPolicy(), envelope) instanceof GlobalPolicy next
                    ? new Surroundings(next, around.settings()) : around;
            case SETTINGS -> after(around.settings(), envelope) instanceof Settings next
                    ? new Surroundings(around.globalPolicy(), next) : around;
            case SANDBOX, NODE, PROVIDER, INFERENCE -> around;
        };
        versions.put(stream, envelope.version());
    }

    private static AggregateState after(AggregateState before, EventEnvelope envelope) {
        return Aggregates.evolve(before, envelope.event(), envelope.context());
    }
}
