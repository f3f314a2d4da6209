package io.openshell.log.kafka;

import io.openshell.log.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads the newest events of a partition that is taken over, to find what its last owner had not finished. One thread. */
final class Tail implements AutoCloseable {
    /**
     * Events looked through first when nothing tells how far the last owner came: it went a week ago then, or was of a release that
     * had no terms. When what counts among them cannot be told, ten times as many are, and so on.
     */
    private static final long LOOK_BACK = 10_000;

    /** Well within the time after which a member that does not poll is taken for dead. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final KafkaConsumer<String, byte[]> consumer;
    private final long lookBack;

    Tail(KafkaSettings settings) {
        this(settings, LOOK_BACK);
    }

    /** Looking back that far first. */
    Tail(KafkaSettings settings, long lookBack) {
        this.lookBack = lookBack;
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
        OptionalLong copied = stored == null ? OptionalLong.empty() : Progress.copied(stored);
        if (copied.isPresent()) {
            return look(partition, copied.getAsLong(), end, next).orElse(new Remainder(next, List.of()));
        }
        for (long back = lookBack; back < end; back *= 10) {
            Marks marks = marks(partition, end - back, end);
            Optional<Remainder> found = look(partition, marks.firstTerm(), end, next);
            // Where no term is to be seen, a release that had none told with the group how far it came.
            if (found.isPresent() || !marks.any()) {
                return found.orElse(new Remainder(next, List.of()));
            }
        }
        return look(partition, 0, end, next).orElse(new Remainder(next, List.of()));
    }

    /**
     * What marks a stretch of events carries, counting or not.
     *
     * @param firstTerm where the first term in it begins, its end when none does
     */
    private record Marks(boolean any, long firstTerm) {}

    private Marks marks(int partition, long from, long end) {
        long[] first = {end};
        boolean[] any = {false};
        read(partition, from, end, record -> {
            boolean start = TermMark.isStart(record.headers());
            if (start) {
                first[0] = Math.min(first[0], record.offset());
            }
            any[0] |= start || TermMark.of(record.headers()).isPresent();
        });
        return new Marks(any[0], first[0]);
    }

    /** What is left to do as the events from an offset on tell, at which it must be known what counts; empty when there are none. */
    private Optional<Remainder> look(int partition, long from, long end, long next) {
        List<Entry> copies = new ArrayList<>();
        long[] newest = {-1};
        scan(partition, from, end, record -> {
            TermMark.of(record.headers()).ifPresent(mark -> newest[0] = Math.max(newest[0], mark.command()));
            Optional<String> feed = TermMark.feed(record.headers());
            feed.ifPresent(node -> copies.add(new Entry(record.key(), record.value(), feed)));
        });
        return newest[0] < 0 ? Optional.empty() : Optional.of(new Remainder(Math.max(next, newest[0] + 1), copies));
    }

    private void scan(int number, long from, long end, Consumer<ConsumerRecord<String, byte[]>> counting) {
        if (from >= end) {
            return;
        }
        TermReader reader = TermReader.from(from);
        read(number, reader.seekTo(), end, record -> reader.take(record, counting));
    }

    private void read(int number, long from, long end, Consumer<ConsumerRecord<String, byte[]>> taker) {
        TopicPartition partition = new TopicPartition(Topics.EVENTS, number);
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        long begun = System.nanoTime();
        while (consumer.position(partition) < end) {
            if (System.nanoTime() - begun > LIMIT.toNanos()) {
                throw new TimeoutException("the end of partition " + number + " of the events was not read within " + LIMIT);
            }
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                if (record.offset() < end) {
                    taker.accept(record);
                }
            }
        }
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
