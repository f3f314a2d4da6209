package io.openshell.gateway.time;

import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.log.RecordListener;
import io.openshell.model.Actor;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.model.Event;
import io.openshell.model.EventEnvelope;
import io.openshell.model.StreamId;
import io.openshell.wire.events.EventCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One partition in memory: whoever follows gets it from an offset on, and then what is written. */
public final class FakeLog implements LogFeed {
    private final List<LogRecord> records = new ArrayList<>();
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    public final List<Long> starts = new CopyOnWriteArrayList<>();

    private static final class Follower implements Following {
        private final RecordListener listener;
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private volatile long next;

        Follower(RecordListener listener, long next) {
            this.listener = listener;
            this.next = next;
        }

        void give(List<LogRecord> some) {
            thread.execute(() -> {
                listener.onRecords(some);
                next = some.get(some.size() - 1).position().offset() + 1;
            });
        }

        @Override
        public boolean passed(int partition, long offset) {
            return next >= offset;
        }

        @Override
        public void close() {
            thread.close();
        }
    }

    /** Writes one event of a stream, caused by an actor. */
    public synchronized void write(StreamId stream, String actor, Event event) {
        List<LogRecord> before = of(stream);
        String hash = before.isEmpty() ? "" : EventCodec.hash(before.get(before.size() - 1).value());
        long version = before.size() + 1L;
        Context context = new Context(new CommandId("c" + records.size()), "r-" + actor, "", new Actor(Actor.Kind.USER, actor, "mtls"),
                "10.0.0.1", "gateway:g1", Instant.ofEpochSecond(records.size()));
        byte[] bytes = EventCodec.encode(new EventEnvelope(stream + "@" + version, stream, version, context,
                EventCodec.SCHEMA_VERSION, 0, hash, event));
        LogRecord record = new LogRecord(new Position(0, records.size()), Instant.ofEpochSecond(1_000 + records.size()),
                stream.toString(), bytes);
        records.add(record);
        followers.forEach(each -> each.give(List.of(record)));
    }

    /** Writes a record of a stream that nobody can read. */
    public synchronized void writeUnreadable(StreamId stream) {
        LogRecord record = new LogRecord(new Position(0, records.size()), Instant.ofEpochSecond(1_000 + records.size()),
                stream.toString(), new byte[] {1, 2, 3});
        records.add(record);
        followers.forEach(each -> each.give(List.of(record)));
    }

    private synchronized List<LogRecord> of(StreamId stream) {
        return records.stream().filter(record -> record.key().equals(stream.toString())).toList();
    }

    /** As a history reads it. */
    public synchronized List<LogRecord> read(String topic, String stream, Duration deadline) {
        return topic.equals("events") ? records.stream().filter(record -> record.key().equals(stream)).toList() : List.of();
    }

    public synchronized List<LogRecord> all() {
        return List.copyOf(records);
    }

    @Override
    public synchronized Following follow(Map<Integer, Long> from, RecordListener listener) {
        long start = from.getOrDefault(0, 0L);
        starts.add(start);
        Follower follower = new Follower(listener, start);
        if (start < records.size()) {
            follower.give(List.copyOf(records.subList((int) start, records.size())));
        }
        followers.add(follower);
        return new Following() {
            @Override
            public boolean passed(int partition, long offset) {
                return follower.passed(partition, offset);
            }

            @Override
            public void close() {
                followers.remove(follower);
                follower.close();
            }
        };
    }

    @Override
    public synchronized Map<Integer, LogRecord> at(Map<Integer, Long> offsets) {
        Long offset = offsets.get(0);
        return offset != null && offset < records.size() ? Map.of(0, records.get(offset.intValue())) : Map.of();
    }

    /** Becomes another log. */
    synchronized void clear() {
        records.clear();
    }

    @Override
    public synchronized Map<Integer, Long> served() {
        return Map.of(0, (long) records.size());
    }
}
