package io.openshell.log.kafka;

import io.openshell.log.LogRecord;
import io.openshell.log.LogUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Looks through a whole topic for one record nobody knows the stream of. Blocks: off event loops. */
public final class KafkaTopicScan {
    private final KafkaSettings settings;

    /** A scan of this log; keeps nothing open between uses. */
    public KafkaTopicScan(KafkaSettings settings) {
        this.settings = settings;
    }

    /**
     * The first committed record found that is wanted, among all the topic holds now.
     *
     * @throws LogUnavailable when the scan does not end within the deadline
     */
    public Optional<LogRecord> find(String topic, Predicate<LogRecord> wanted, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        try (var consumer = new KafkaConsumer<String, byte[]>(ClientProperties.consumer(settings, "earliest"))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, deadline).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            if (partitions.isEmpty()) {
                throw new LogUnavailable(LogUnavailable.Cause.REFUSED, "the log has no topic " + topic);
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> until = consumer.endOffsets(partitions, deadline);
            while (isBefore(consumer, until, deadline)) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new LogUnavailable(LogUnavailable.Cause.DEADLINE,
                            "topic " + topic + " was not searched within " + deadline);
                }
                for (ConsumerRecord<String, byte[]> each : consumer.poll(Duration.ofNanos(left))) {
                    LogRecord record = KafkaFollower.record(each);
                    if (wanted.test(record)) {
                        return Optional.of(record);
                    }
                }
            }
            return Optional.empty();
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw new LogUnavailable(LogUnavailable.Cause.DEADLINE, "topic " + topic + " was not searched within " + deadline, e);
        } catch (KafkaException e) {
            throw new LogUnavailable(LogUnavailable.Cause.REFUSED, "the log cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isBefore(
            KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> until, Duration deadline) {
        return until.entrySet().stream().anyMatch(each -> consumer.position(each.getKey(), deadline) < each.getValue());
    }
}
