package io.openshell.log.kafka;

import io.openshell.log.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads the newest events of a partition that is taken over, to find what its last owner had not finished. One thread. */
final class Tail implements AutoCloseable {
    /** Read at the most when nothing tells how far the last owner came; it went a week ago then, or nobody came before. */
    private static final long LOOK_BACK = 10_000;

    /** Well within the time after which a member that does not poll is taken for dead. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final KafkaConsumer<String, byte[]> consumer;

    Tail(KafkaSettings settings) {
        this.consumer = new KafkaConsumer<>(ClientProperties.consumer(settings, "earliest"));
    }

    /**
     * What is left to do in a partition.
     *
     * @param stored how far deciding came, as the last owner stored it
     * @param end where the new term begins
     */
    Remainder read(int partition, @Nullable OffsetAndMetadata stored, long end) {
        long next = stored == null ? 0 : stored.offset();
        long from = stored == null ? Math.max(0, end - LOOK_BACK) : Progress.copied(stored).orElse(end);
        List<Entry> copies = new ArrayList<>();
        long[] decided = {next - 1};
        scan(partition, Math.min(from, end), end, record -> {
            TermMark.of(record.headers()).ifPresent(mark -> decided[0] = Math.max(decided[0], mark.command()));
            Optional<String> feed = TermMark.feed(record.headers());
            feed.ifPresent(node -> copies.add(new Entry(record.key(), record.value(), feed)));
        });
        return new Remainder(decided[0] + 1, copies);
    }

    private void scan(int number, long from, long end, Consumer<ConsumerRecord<String, byte[]>> counting) {
        if (from >= end) {
            return;
        }
        TopicPartition partition = new TopicPartition(Topics.EVENTS, number);
        TermReader reader = TermReader.from(from);
        consumer.assign(List.of(partition));
        consumer.seek(partition, reader.seekTo());
        long begun = System.nanoTime();
        while (consumer.position(partition) < end) {
            if (System.nanoTime() - begun > LIMIT.toNanos()) {
                throw new TimeoutException("the end of partition " + number + " of the events was not read within " + LIMIT);
            }
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                if (record.offset() < end) {
                    reader.take(record, counting);
                }
            }
        }
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
