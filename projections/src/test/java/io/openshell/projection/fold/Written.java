package io.openshell.projection.fold;

import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.model.Aggregates;
import io.openshell.model.Event;
import io.openshell.model.EventEnvelope;
import io.openshell.model.StreamId;
import io.openshell.wire.events.EventCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Records of one stream as a decider writes them, without a log. */
public final class Written {
    private final StreamId stream;
    private final List<LogRecord> records = new ArrayList<>();
    private long version;
    private String hash = "";

    /** An empty stream. */
    public Written(StreamId stream) {
        this.stream = stream;
    }

    /** Adds the events of one command; returns only their records. */
    public List<LogRecord> command(String id, Event... events) {
        int first = records.size();
        for (int i = 0; i < events.length; i++) {
            version++;
            EventEnvelope envelope = new EventEnvelope(
                    stream + "@" + version, stream, version, TestCommands.context(id),
                    EventCodec.SCHEMA_VERSION, events.length - i - 1, hash, events[i]);
            byte[] bytes = EventCodec.encode(envelope);
            hash = EventCodec.hash(bytes);
            records.add(record(bytes));
        }
        return List.copyOf(records.subList(first, records.size()));
    }

    /** These bytes as the stream's next record. */
    public LogRecord record(byte[] bytes) {
        return new LogRecord(new Position(0, records.size()), Instant.ofEpochSecond(records.size()), stream.toString(), bytes);
    }

    /** All records so far. */
    public List<LogRecord> records() {
        return List.copyOf(records);
    }

    /** Events of a create. */
    public static Event[] created(StreamId stream) {
        var create = TestCommands.create(stream);
        return Aggregates.decide(
                create, Aggregates.initial(stream.kind()), TestCommands.context("c")).toArray(Event[]::new);
    }
}
