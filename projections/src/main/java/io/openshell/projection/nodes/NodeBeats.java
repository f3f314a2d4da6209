package io.openshell.projection.nodes;

import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import io.openshell.model.StreamId;
import io.openshell.wire.events.Heartbeat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * When each node last gave a sign of life, taken out of the activity on its way to another listener. Times are those of this
 * process's own clock, read when a sign arrives, so clocks of hosts need not agree. Signs that the log held at start say
 * nothing about now and are left out. Written by one thread, read by any.
 */
public final class NodeBeats implements RecordListener {

    private static final String NODES = StreamId.node("").toString();

    private final RecordListener others;
    private final LongSupplier nanos;
    private final Map<String, Beat> newest = new ConcurrentHashMap<>();
    private volatile boolean live;
    private volatile long liveSince;

    /**
     * The newest sign of life of one node.
     *
     * @param incarnation of the agent that gave it
     * @param at in nanoseconds, as {@link System#nanoTime}
     */
    public record Beat(String incarnation, long at) {}

    /** Gives all other records to this listener. */
    public NodeBeats(RecordListener others) {
        this(others, System::nanoTime);
    }

    /** With a clock of its own, in nanoseconds. */
    public NodeBeats(RecordListener others, LongSupplier nanos) {
        this.others = others;
        this.nanos = nanos;
    }

    /** The newest sign of life since start. */
    public Optional<Beat> of(String nodeId) {
        return Optional.ofNullable(newest.get(nodeId));
    }

    /** Since when signs of life are heard, in nanoseconds; empty while the past is being read. */
    public Optional<Long> liveSince() {
        return live ? Optional.of(liveSince) : Optional.empty();
    }

    @Override
    public void onRecords(List<LogRecord> records) {
        List<LogRecord> rest = new ArrayList<>(records.size());
        for (LogRecord record : records) {
            if (record.key() != null && record.key().startsWith(NODES)) {
                take(record);
            } else {
                rest.add(record);
            }
        }
        if (!rest.isEmpty()) {
            others.onRecords(rest);
        }
    }

    private void take(LogRecord record) {
        if (live) {
            Heartbeat.decode(record.key(), record.value())
                    .ifPresent(beat -> newest.put(beat.nodeId(), new Beat(beat.incarnation(), nanos.getAsLong())));
        }
    }

    @Override
    public void onCaughtUp() {
        liveSince = nanos.getAsLong();
        live = true;
        others.onCaughtUp();
    }
}
