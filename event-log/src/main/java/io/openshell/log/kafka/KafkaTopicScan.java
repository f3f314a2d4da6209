package io.openshell.log.kafka;

import io.openshell.log.LogUnavailable;
import io.openshell.log.TopicScan;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Scans topics of one log; keeps nothing open between reads and holds one fetch at a time. Safe for any thread. */
public final class KafkaTopicScan implements TopicScan {
    private final KafkaSettings settings;

    /** Scans this log. */
    public KafkaTopicScan(KafkaSettings settings) {
        this.settings = settings;
    }

    @Override
    public Map<Integer, Long> read(String topic, Map<Integer, Long> from, Taker taker, Duration deadline) {
        return read(topic, partition -> true, from, taker, deadline);
    }

    @Override
    public void readStream(String topic, String stream, Map<Integer, Long> from, Taker taker, Duration deadline) {
        // As many partitions as the writers count on; a topic with others is refused when a gateway starts.
        int its = Partitions.of(stream, Topics.PARTITIONS);
        Map<Integer, Long> start = from.containsKey(its) ? Map.of(its, from.get(its)) : Map.of();
        read(topic, partition -> partition == its, start, taker, deadline);
    }

    private Map<Integer, Long> read(
            String topic, IntPredicate wanted, Map<Integer, Long> from, Taker taker, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        try (var consumer = new KafkaConsumer<String, byte[]>(ClientProperties.consumer(settings, "earliest"))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, deadline).stream()
                    .filter(p -> wanted.test(p.partition()))
                    .map(p -> new TopicPartition(topic, p.partition())).toList();
            if (partitions.isEmpty()) {
                throw new LogUnavailable(LogUnavailable.Cause.REFUSED, "the log has no topic " + topic);
            }
            consumer.assign(partitions);
            CountingRecords counting = new CountingRecords(topic);
            Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions, deadline);
            partitions.forEach(p -> consumer.seek(p, Math.max(begin.get(p),
                    counting.seekTo(p, from.getOrDefault(p.partition(), begin.get(p))))));
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, deadline);
            Set<TopicPartition> open = new HashSet<>(partitions);
            while (unfinished(consumer, open, ends)) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw late(topic, deadline);
                }
                for (ConsumerRecord<String, byte[]> r : consumer.poll(Duration.ofNanos(left))) {
                    counting.take(r, record -> give(record, taker, open, ends));
                }
            }
            Map<Integer, Long> next = new HashMap<>();
            ends.forEach((partition, offset) -> next.put(partition.partition(), offset));
            return next;
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw late(topic, deadline);
        } catch (KafkaException e) {
            throw new LogUnavailable(LogUnavailable.Cause.REFUSED, "the log cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean unfinished(
            KafkaConsumer<String, byte[]> consumer, Set<TopicPartition> open, Map<TopicPartition, Long> ends) {
        Set<TopicPartition> done = new HashSet<>(consumer.assignment());
        done.removeIf(p -> open.contains(p) && consumer.position(p) < ends.get(p));
        open.removeAll(done);
        // A paused partition costs no further fetch while the others go on.
        consumer.pause(done);
        return !open.isEmpty();
    }

    private static void give(
            ConsumerRecord<String, byte[]> r, Taker taker, Set<TopicPartition> open, Map<TopicPartition, Long> ends) {
        TopicPartition partition = new TopicPartition(r.topic(), r.partition());
        boolean wanted = open.contains(partition) && r.offset() < ends.get(partition);
        if (wanted && !taker.take(KafkaFollower.record(r))) {
            open.remove(partition);
        }
    }

    private static LogUnavailable late(String topic, Duration deadline) {
        return new LogUnavailable(LogUnavailable.Cause.DEADLINE, "topic " + topic + " was not read within " + deadline);
    }
}
