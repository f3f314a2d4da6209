package io.openshell.bench.log;

import io.openshell.log.LogFaults;
import io.openshell.log.kafka.EventsTopic;
import io.openshell.log.kafka.KafkaFollower;
import io.openshell.log.kafka.KafkaSettings;
import io.openshell.log.kafka.Topics;
import io.openshell.projection.fold.Checkpoints;
import io.openshell.projection.fold.FoldedSandboxes;
import io.openshell.projection.fold.Snapshots;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads all events of a log: into the views, as a gateway does at its start, and as a yardstick into a map. Blocks. */
public final class LogRead {
    private static final long LIMIT_SECONDS = 300;

    private LogRead() {}

    /**
     * Into the views, on one thread, from the snapshot if the file is there.
     *
     * @param keep writes a snapshot at the end
     */
    public static Shown views(KafkaSettings log, Path snapshot, boolean keep) {
        EventsTopic topic = EventsTopic.of(log);
        Snapshots snapshots = Snapshots.open(snapshot, topic.id(), topic.ends(), Long.MAX_VALUE, Checkpoints.none());
        FoldedSandboxes sandboxes = new FoldedSandboxes(snapshots.fold());
        sandboxes.onChange(change -> { });
        try (var follower = KafkaFollower.follow(log, Topics.EVENTS, snapshots.positions(), snapshots.fold(), new Loud())) {
            snapshots.fold().caughtUp().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
        }
        if (keep) {
            snapshots.close();
        }
        return Shown.by(sandboxes);
    }

    /** Every record into a map by its key; returns how many there were. */
    public static long map(KafkaSettings log) {
        Map<String, Object> settings = new HashMap<>(log.security());
        settings.putAll(Map.of("bootstrap.servers", log.bootstrap(), "isolation.level", "read_committed",
                "enable.auto.commit", false, "fetch.max.wait.ms", 100,
                "key.deserializer", StringDeserializer.class, "value.deserializer", ByteArrayDeserializer.class));
        try (var consumer = new KafkaConsumer<String, byte[]>(settings)) {
            List<TopicPartition> partitions = new ArrayList<>();
            consumer.partitionsFor(Topics.EVENTS).forEach(p -> partitions.add(new TopicPartition(p.topic(), p.partition())));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<String, byte[]> newest = new HashMap<>();
            long records = 0;
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                var polled = consumer.poll(Duration.ofMillis(500));
                polled.forEach(record -> newest.put(record.key(), record.value()));
                records += polled.count();
            }
            return records;
        }
    }

    /** A log that gives trouble here gives no figures. */
    private static final class Loud implements LogFaults {
        @Override
        public void trouble(String where, Throwable cause) {
            System.err.println("trouble: " + where + ": " + cause);
        }

        @Override
        public void stopped(String where, Throwable cause) {
            System.err.println("stopped: " + where + ": " + cause);
        }
    }
}
