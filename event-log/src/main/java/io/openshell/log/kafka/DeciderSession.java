package io.openshell.log.kafka;

import io.openshell.log.DeciderTimes;
import io.openshell.log.DecisionPort;
import io.openshell.log.Entry;
import io.openshell.log.LogFaults;
import io.openshell.log.LogRecord;
import io.openshell.log.LoopStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * One membership in the deciding group, from joining to the first trouble it cannot mend. One thread.
 *
 * <p>A partition that is given to it goes through four steps: a new term begins in its events, so that nothing its last owner
 * writes counts any more; what that owner left undone is found behind the progress it stored, and done; the local fold passes
 * the beginning of the term; then its commands are read and decided.
 */
final class DeciderSession implements AutoCloseable {
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration WAITING = Duration.ofMillis(5);
    private static final Duration CLOSE = Duration.ofSeconds(3);
    private static final Duration STORE = Duration.ofSeconds(1);

    /** Storing the progress more often costs more than reading what lies behind it once in a take-over. */
    private static final long STORE_EVERY_NANOS = 100_000_000;

    private final Parts parts;
    private final KafkaConsumer<String, byte[]> consumer;
    private final KafkaProducer<String, byte[]> events;
    private final KafkaProducer<String, byte[]> copying;
    private final EventWriter writer;
    private final FeedCopies copies;
    private final Tail tail;
    private final Progress progress = new Progress();
    private final OwnedPartitions owned = new OwnedPartitions();
    private boolean held;

    /** What a session needs. */
    record Parts(
            KafkaSettings settings,
            String member,
            DecisionPort decisions,
            LogFaults faults,
            Consumer<LoopStatus> status,
            DeciderTimes times) {}

    /** A member that is taken for dead when it is not heard of for {@code sessionMs}. */
    DeciderSession(Parts parts, int sessionMs) {
        this.parts = parts;
        this.consumer = new KafkaConsumer<>(
                ClientProperties.member(parts.settings(), KafkaDeciderLoop.GROUP, parts.member(), sessionMs));
        this.events = new KafkaProducer<>(ClientProperties.events(parts.settings()));
        this.copying = new KafkaProducer<>(ClientProperties.copies(parts.settings()));
        this.writer = new EventWriter(events, parts.member());
        this.copies = new FeedCopies(copying, parts.settings());
        this.tail = new Tail(parts.settings());
    }

    /** Joins the group. */
    void join() {
        consumer.subscribe(List.of(Topics.COMMANDS), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                // Read only once they are taken over.
                owned.assign(numbers(partitions));
                consumer.pause(partitions);
                report();
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                // Called from poll, when nothing is half done: the next owner finds less to look through.
                storeNow();
                onPartitionsLost(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                owned.remove(numbers(partitions));
                writer.end(numbers(partitions));
                numbers(partitions).forEach(progress::forget);
                report();
            }
        });
    }

    /** One poll and, when it brings commands, one batch of events; true when one was written. */
    boolean step() {
        takeOver(owned.fresh());
        startReady();
        holdWhileBehind();
        List<LogRecord> commands = KafkaFollower.records(consumer.poll(owned.settled() && !held ? IDLE : WAITING));
        if (progress.isDue(commands.isEmpty() ? 0 : STORE_EVERY_NANOS)) {
            copies.await();
            consumer.commitAsync(progress.take(), this::stored);
        }
        if (commands.isEmpty()) {
            return false;
        }
        long begun = System.nanoTime();
        DecidedBatch batch = DecidedBatch.decide(commands, parts.decisions());
        long decided = System.nanoTime();
        parts.times().decided(commands.size(), decided - begun);
        write(batch);
        parts.times().committed(batch.events().size(), System.nanoTime() - decided);
        batch.faults().forEach(this::stop);
        return true;
    }

    private void takeOver(Set<Integer> fresh) {
        if (fresh.isEmpty()) {
            return;
        }
        Map<Integer, Long> starts = writer.begin(fresh);
        Map<TopicPartition, OffsetAndMetadata> stored =
                consumer.committed(fresh.stream().map(DeciderSession::commands).collect(Collectors.toSet()));
        starts.forEach((partition, start) -> {
            Remainder left = tail.read(partition, stored.get(commands(partition)), start);
            copies.ensure(left.copies());
            copies.send(left.copies());
            consumer.seek(commands(partition), left.nextCommand());
            progress.reached(partition, left.nextCommand(), start + 1);
            owned.await(partition, start + 1);
        });
        copies.await();
    }

    private void startReady() {
        boolean changed = false;
        for (Map.Entry<Integer, Long> each : owned.waiting().entrySet()) {
            if (parts.decisions().ready(each.getKey(), each.getValue())) {
                owned.begin(each.getKey());
                if (!held) {
                    consumer.resume(List.of(commands(each.getKey())));
                }
                changed = true;
            }
        }
        if (changed) {
            report();
        }
    }

    /** The fold here is slower than deciding: commands stay in the log until it is not. */
    private void holdWhileBehind() {
        boolean behind = parts.decisions().behind();
        if (behind && !held) {
            consumer.pause(consumer.assignment());
        } else if (held && !behind) {
            consumer.resume(owned.status().deciding().stream().map(DeciderSession::commands).toList());
        }
        held = behind;
    }

    private void write(DecidedBatch batch) {
        List<Entry> entries = batch.entries();
        copies.ensure(entries);
        writer.write(batch.events());
        parts.decisions().committed();
        copies.send(entries);
        batch.next().forEach((partition, next) -> progress.reached(partition, next, writer.reached(partition)));
    }

    private void storeNow() {
        try {
            copies.await();
            consumer.commitSync(progress.take(), STORE);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            parts.faults().trouble("storing how far deciding came", e);
        }
    }

    private void stored(Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception failure) {
        if (failure != null) {
            parts.faults().trouble("storing how far deciding came", failure);
        }
    }

    private void stop(LogRecord command, Throwable cause) {
        int partition = command.position().partition();
        if (owned.owns(partition)) {
            consumer.pause(List.of(commands(partition)));
            consumer.seek(commands(partition), command.position().offset());
            owned.stop(partition);
            report();
        }
        parts.faults().stopped("deciding at " + command.position() + ", stream " + command.key(), cause);
    }

    private void report() {
        parts.status().accept(owned.status());
    }

    private static TopicPartition commands(int partition) {
        return new TopicPartition(Topics.COMMANDS, partition);
    }

    private static List<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).toList();
    }

    /** Interrupts a poll. Any thread. */
    void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        // A member with a name of its own stays in the group unless it says that it leaves.
        consumer.close(CloseOptions.timeout(CLOSE)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        events.close(CLOSE);
        copying.close(CLOSE);
        tail.close();
    }
}
