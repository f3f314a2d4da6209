package io.openshell.log.kafka;

import io.openshell.log.LogRecord;
import io.openshell.log.LogUnavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads one stream by scanning the partition it lives in. Blocks: for history, off event loops. */
public final class KafkaStreamReader {
    private final KafkaSettings settings;
    private final int most;

    /**
     * A reader of this log; keeps nothing open between reads.
     *
     * @param most records returned at most, the newest ones
     */
    public KafkaStreamReader(KafkaSettings settings, int most) {
        this.settings = settings;
        this.most = most;
    }

    /**
     * Every record of a stream up to now that counts, oldest first; of a stream with more than the bound the newest.
     *
     * @param topic {@link Topics#COMMANDS}, {@link Topics#EVENTS} or {@link Topics#ACTIVITY}
     * @throws LogUnavailable when the scan does not end within the deadline
     */
    public List<LogRecord> read(String topic, String stream, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        try (var consumer = new KafkaConsumer<String, byte[]>(ClientProperties.consumer(settings, "earliest"))) {
            int count = consumer.partitionsFor(topic, deadline).size();
            if (count == 0) {
                throw new LogUnavailable(LogUnavailable.Cause.REFUSED, "the log has no topic " + topic);
            }
            TopicPartition partition = new TopicPartition(topic, Partitions.of(stream, count));
            consumer.assign(List.of(partition));
            CountingRecords counting = new CountingRecords(topic);
            consumer.seekToBeginning(List.of(partition));
            counting.seekTo(partition, consumer.position(partition, deadline));
            long until = consumer.endOffsets(List.of(partition), deadline).get(partition);
            Deque<LogRecord> found = new ArrayDeque<>();
            while (consumer.position(partition, deadline) < until) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw late(stream, deadline, null);
                }
                for (ConsumerRecord<String, byte[]> r : consumer.poll(Duration.ofNanos(left))) {
                    counting.take(r, record -> keep(found, record, stream, until));
                }
            }
            return List.copyOf(found);
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw late(stream, deadline, e);
        } catch (KafkaException e) {
            throw new LogUnavailable(LogUnavailable.Cause.REFUSED, "the log cannot be read: " + e.getMessage(), e);
        }
    }

    private void keep(Deque<LogRecord> found, ConsumerRecord<String, byte[]> r, String stream, long until) {
        if (r.offset() < until && stream.equals(r.key())) {
            if (found.size() == most) {
                found.removeFirst();
            }
            found.addLast(KafkaFollower.record(r));
        }
    }

    private static LogUnavailable late(String stream, Duration deadline, @Nullable Throwable cause) {
        String sentence = "stream " + stream + " was not read within " + deadline;
        return cause == null
                ? new LogUnavailable(LogUnavailable.Cause.DEADLINE, sentence)
                : new LogUnavailable(LogUnavailable.Cause.DEADLINE, sentence, cause);
    }
}
