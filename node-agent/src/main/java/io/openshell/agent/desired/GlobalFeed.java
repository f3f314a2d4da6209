package io.openshell.agent.desired;

import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import io.openshell.model.Aggregates;
import io.openshell.model.EventEnvelope;
import io.openshell.model.MisfitEvent;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.global.GlobalRevision;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.UndecodableRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folds what concerns every node: the global policy. Written by the feed's thread, read by any. */
public final class GlobalFeed implements RecordListener {

    private static final Logger LOG = LoggerFactory.getLogger(GlobalFeed.class);

    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private volatile GlobalPolicy policy = GlobalPolicy.NONE;
    private volatile Runnable listener = () -> {};
    private long version;
    private boolean poisoned;

    /** The revision that decides for every sandbox; empty while each one's own policy does. */
    public Optional<GlobalRevision> inForce() {
        return policy.inForce();
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
        GlobalPolicy before = policy;
        records.forEach(this::take);
        if (!before.equals(policy)) {
            listener.run();
        }
    }

    @Override
    public void onCaughtUp() {
        caughtUp.countDown();
    }

    private void take(LogRecord record) {
        try {
            if (!poisoned) {
                take(EventCodec.decode(record.value()));
            }
        } catch (UndecodableRecord | MisfitEvent e) {
            // What such an event wanted is not known: the policy stays as it is, as a sandbox does in the same case.
            poisoned = true;
            LOG.error("event set aside: stream={} position={} reason={}", record.key(), record.position(), e.toString());
        }
    }

    private void take(EventEnvelope envelope) {
        if (envelope.version() <= version) {
            return; // seen already
        }
        if (Aggregates.evolve(policy, envelope.event(), envelope.context()) instanceof GlobalPolicy next) {
            policy = next;
            version = envelope.version();
        }
    }
}
