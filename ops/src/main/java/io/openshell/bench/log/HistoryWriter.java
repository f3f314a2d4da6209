package io.openshell.bench.log;

import io.openshell.log.kafka.KafkaSettings;
import io.openshell.log.kafka.Topics;
import io.openshell.model.Actor;
import io.openshell.model.AggregateState;
import io.openshell.model.Aggregates;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.model.Event;
import io.openshell.model.EventEnvelope;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.EventSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the lives of many sandboxes into a log, past the deciders but by their rules, in the order in which they would come
 * if all lived at once. Knows what views of it must show. One thread.
 */
public final class HistoryWriter implements AutoCloseable {
    private static final Actor USER = new Actor(Actor.Kind.USER, "ada", "unix-socket");
    private static final Actor AGENT = new Actor(Actor.Kind.NODE, Life.NODE, "node-key");
    private static final String DIGEST = "3f2a".repeat(16);
    /** Names do not all begin at once, so that they end at different moments of their lives. */
    private static final int STAGGERED = 24;

    private final KafkaProducer<String, byte[]> producer;
    private final AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
    private final List<Name> names = new ArrayList<>();
    private long round;
    private int next;
    private long written;

    /** One name and where its stream stands. */
    private static final class Name {
        private final StreamId stream;
        private final String text;
        private final int partition;
        private AggregateState state;
        private long version;
        private String hash = "";
        private long commands;

        Name(int number) {
            text = "work-" + number;
            stream = StreamId.sandbox("default", text);
            partition = Topics.partitionOf(stream.toString());
            state = Aggregates.initial(stream.kind());
        }
    }

    /** Writes to this log, whose topics must exist, about so many names. */
    public HistoryWriter(KafkaSettings log, int names) {
        Map<String, Object> settings = new HashMap<>(log.security());
        settings.putAll(Map.of("bootstrap.servers", log.bootstrap(), "acks", "all", "linger.ms", 20,
                "batch.size", 1 << 18, "buffer.memory", 64L << 20,
                "key.serializer", StringSerializer.class, "value.serializer", ByteArraySerializer.class));
        producer = new KafkaProducer<>(settings);
        for (int i = 0; i < names; i++) {
            this.names.add(new Name(i));
        }
    }

    /** Goes on until the log holds at least so many events, and waits until it does. */
    public void writeUntil(long events) {
        while (written < events) {
            Name name = names.get(next);
            if (round >= next % STAGGERED) {
                live(name);
            }
            next = (next + 1) % names.size();
            round += next == 0 ? 1 : 0;
        }
        producer.flush();
        Exception failure = failed.get();
        if (failure != null) {
            throw new IllegalStateException("the history was not written", failure);
        }
    }

    private void live(Name name) {
        Life.Moment moment = Life.at(name.commands);
        boolean report = Life.isReport(moment);
        Context context = new Context(new CommandId(name.text + "." + name.commands), "r-" + name.commands, "",
                report ? AGENT : USER, "", report ? "node:" + Life.NODE : "gateway:g-1", Instant.now(), report ? "" : DIGEST);
        List<Event> events = Aggregates.decide(name.stream,
                Life.command(moment, name.text, (SandboxState) name.state, name.commands), name.state, context);
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            name.version++;
            byte[] bytes = EventCodec.encode(new EventEnvelope(name.stream + "@" + name.version, name.stream, name.version,
                    context, EventSchema.version(event), events.size() - i - 1, name.hash, event));
            name.hash = EventCodec.hash(bytes);
            name.state = Aggregates.evolve(name.state, event, context);
            send(name, bytes);
        }
        name.commands++;
    }

    private void send(Name name, byte[] bytes) {
        producer.send(new ProducerRecord<>(Topics.EVENTS, name.partition, name.stream.toString(), bytes), (meta, failure) -> {
            if (failure != null) {
                failed.set(failure);
            }
        });
        written++;
    }

    /** Events so far. */
    public long written() {
        return written;
    }

    /** What a right view of all that was written shows. */
    public Shown expected() {
        long live = names.stream().filter(name -> name.state instanceof SandboxState.Live).count();
        long versions = names.stream().filter(name -> name.state instanceof SandboxState.Live).mapToLong(name -> name.version).sum();
        return new Shown(live, versions);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
