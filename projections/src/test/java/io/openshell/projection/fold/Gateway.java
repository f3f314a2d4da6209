package io.openshell.projection.fold;

import io.openshell.log.LogFaults;
import io.openshell.log.LogRecord;
import io.openshell.log.kafka.KafkaCommandLog;
import io.openshell.log.kafka.KafkaDeciderLoop;
import io.openshell.log.kafka.KafkaFollower;
import io.openshell.log.kafka.KafkaSettings;
import io.openshell.log.kafka.KafkaStreamReader;
import io.openshell.log.kafka.Topics;
import io.openshell.model.Command;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.Outcome;
import io.openshell.model.StreamId;
import io.openshell.projection.history.LogHistory;
import io.openshell.projection.logs.FoldedLogLines;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Folds, deciding and the command bus on the tests' broker, wired as a gateway wires them. */
final class Gateway implements AutoCloseable, LogFaults {
    final KafkaSettings settings = TestBroker.shared();
    final EventFold fold = new EventFold();
    final FoldedSandboxes sandboxes = new FoldedSandboxes(fold);
    final FoldedNodes nodes = new FoldedNodes(fold, sandboxes);
    final FoldedLogLines lines = new FoldedLogLines();
    final LogHistory history = new LogHistory(new KafkaStreamReader(settings, 10_000)::read, Topics.EVENTS);
    final List<String> stops = new CopyOnWriteArrayList<>();
    final CommandDecisions decisions;
    final LogCommandBus bus;
    final KafkaDeciderLoop loop;
    private final KafkaFollower events;
    private final KafkaFollower activity;
    private final KafkaCommandLog commands;

    Gateway() {
        events = KafkaFollower.follow(settings, Topics.EVENTS, Map.of(), fold, this);
        activity = KafkaFollower.follow(settings, Topics.ACTIVITY, Map.of(), lines, this);
        decisions = new CommandDecisions(fold, events::passed);
        loop = KafkaDeciderLoop.start(
                settings, UUID.randomUUID().toString(), new KafkaDeciderLoop.Ports(decisions, this, status -> {}));
        commands = KafkaCommandLog.open(settings);
        bus = new LogCommandBus(commands, fold);
        fold.caughtUp().orTimeout(Await.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
        lines.caughtUp().orTimeout(Await.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    Outcome submit(CommandEnvelope command) {
        return bus.submit(command, Await.LIMIT).toCompletableFuture().join();
    }

    Outcome asUser(StreamId stream, Command command) {
        return submit(TestCommands.user(stream, command));
    }

    Outcome asAgent(StreamId stream, Command command) {
        return submit(TestCommands.agent(stream, command));
    }

    /** Writes bytes past whatever checks them, as a damaged or hostile writer would. */
    void write(String topic, int partition, String key, byte[] value) throws Exception {
        send(new ProducerRecord<>(topic, partition, key, value));
    }

    /** Writes bytes past the deciders, as a hostile writer would who knows how an owner marks what counts. */
    void writeEvent(int partition, String key, byte[] value) throws Exception {
        var start = new ProducerRecord<String, byte[]>(Topics.EVENTS, partition, null, new byte[0]);
        start.headers().add("term-start", new byte[0]);
        long term = send(start);
        var record = new ProducerRecord<>(Topics.EVENTS, partition, key, value);
        record.headers().add("term", ByteBuffer.allocate(28).putLong(term).array());
        send(record);
    }

    private long send(ProducerRecord<String, byte[]> record) throws Exception {
        Map<String, Object> config = new HashMap<>(settings.security());
        config.put("bootstrap.servers", settings.bootstrap());
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
            return producer.send(record).get(10, TimeUnit.SECONDS).offset();
        }
    }

    List<LogRecord> records(String topic, StreamId stream) {
        return new KafkaStreamReader(settings, 10_000).read(topic, stream.toString(), Await.LIMIT);
    }

    @Override
    public void trouble(String where, Throwable cause) {
        // Retried by the log itself; what must not happen comes to stopped().
    }

    @Override
    public void stopped(String where, Throwable cause) {
        stops.add(where + ": " + cause);
    }

    @Override
    public void close() {
        loop.close();
        events.close();
        activity.close();
        commands.close();
    }
}
