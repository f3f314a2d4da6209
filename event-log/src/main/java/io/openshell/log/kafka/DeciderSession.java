package io.openshell.log.kafka;

import io.openshell.log.DeciderTimes;
import io.openshell.log.DecisionPort;
import io.openshell.log.Entry;
import io.openshell.log.LogFaults;
import io.openshell.log.LogRecord;
import io.openshell.log.LoopStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** One membership in the deciding group, from joining to the first trouble it cannot mend. One thread. */
final class DeciderSession implements AutoCloseable {
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration WAITING = Duration.ofMillis(5);
    private static final Duration GATHER = Duration.ofMillis(2);
    private static final long LAY_READY_NANOS = 300_000;
    private static final int FULL_BATCH = 256;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final Parts parts;
    private final KafkaConsumer<String, byte[]> consumer;
    private final KafkaProducer<String, byte[]> producer;
    private final Admin admin;
    private final EventEnds ends;
    private final LeftTransactions left;
    private final OwnedPartitions owned = new OwnedPartitions();
    private final Set<String> feeds = new HashSet<>();
    private long lookedForLeft;

    /** What a session needs. */
    record Parts(
            KafkaSettings settings,
            String transactionalId,
            DecisionPort decisions,
            LogFaults faults,
            Consumer<LoopStatus> status,
            DeciderTimes times) {}

    /** A member that is taken for dead when it is not heard of for {@code sessionMs}. */
    DeciderSession(Parts parts, int sessionMs) {
        this.parts = parts;
        this.consumer = new KafkaConsumer<>(ClientProperties.member(
                parts.settings(), KafkaDeciderLoop.GROUP, parts.transactionalId(), sessionMs));
        this.producer = new KafkaProducer<>(ClientProperties.transactional(parts.settings(), parts.transactionalId()));
        this.admin = Admin.create(ClientProperties.admin(parts.settings()));
        this.ends = new EventEnds(admin);
        this.left = new LeftTransactions(admin, KafkaDeciderLoop.GROUP);
    }

    /** Ends what an earlier session left open, then joins. */
    void join() {
        producer.initTransactions();
        consumer.subscribe(List.of(Topics.COMMANDS), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                // The client goes on at the committed offsets by itself; it may only read once the fold is there.
                owned.assign(numbers(partitions));
                consumer.pause(partitions);
                report();
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                // Called from poll, when no transaction is open: there is nothing to finish.
                owned.remove(numbers(partitions));
                report();
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                onPartitionsRevoked(partitions);
            }
        });
    }

    /** One poll and, when it brings commands, one transaction; true when one was committed. */
    boolean step() {
        startReady();
        List<LogRecord> commands = poll();
        if (commands.isEmpty()) {
            return false;
        }
        long begun = System.nanoTime();
        DecidedBatch batch = DecidedBatch.decide(commands, parts.decisions());
        long decided = System.nanoTime();
        parts.times().decided(commands.size(), decided - begun);
        boolean committed = commit(batch);
        if (committed) {
            parts.times().committed(batch.entries().size(), System.nanoTime() - decided);
            batch.faults().forEach((command, cause) -> stop(command, cause));
        }
        return committed;
    }

    /**
     * The next commands. What lay ready was fetched when the first of them arrived, during the transaction before; those that
     * came after it are one more fetch away, and taking them along is far cheaper than a transaction of their own.
     */
    private List<LogRecord> poll() {
        long before = System.nanoTime();
        List<LogRecord> commands = KafkaFollower.records(consumer.poll(owned.settled() ? IDLE : WAITING));
        boolean layReady = System.nanoTime() - before < LAY_READY_NANOS;
        if (commands.isEmpty() || !layReady || commands.size() >= FULL_BATCH) {
            return commands;
        }
        int generation = consumer.groupMetadata().generationId();
        commands.addAll(KafkaFollower.records(consumer.poll(GATHER)));
        if (consumer.groupMetadata().generationId() == generation) {
            return commands;
        }
        // The group moved on between the two: what was in hand may be somebody else's now, and is read again where it is ours.
        Map<Integer, Long> first = new HashMap<>();
        commands.forEach(c -> first.putIfAbsent(c.position().partition(), c.position().offset()));
        rewind(first);
        return List.of();
    }

    private void rewind(Map<Integer, Long> first) {
        first.forEach((partition, offset) -> {
            if (owned.owns(partition)) {
                consumer.seek(commands(partition), offset);
            }
        });
    }

    private void startReady() {
        Set<Integer> fresh = owned.fresh();
        if (!fresh.isEmpty() || isTimeToLook()) {
            endLeftTransactions();
        }
        if (!fresh.isEmpty()) {
            ends.of(fresh).forEach(owned::await);
        }
        boolean changed = false;
        for (Map.Entry<Integer, Long> each : owned.waiting().entrySet()) {
            if (parts.decisions().ready(each.getKey(), each.getValue())) {
                owned.begin(each.getKey());
                consumer.resume(List.of(commands(each.getKey())));
                changed = true;
            }
        }
        if (changed) {
            report();
        }
    }

    private boolean isTimeToLook() {
        return !owned.waiting().isEmpty() && System.nanoTime() - lookedForLeft > LOOK_AGAIN.toNanos();
    }

    /** Their records, or offsets they were about to commit, may be all that a partition given to us waits for. */
    private void endLeftTransactions() {
        try {
            left.end();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            parts.faults().trouble("ending what a dead owner left open; it ends by its timeout", e);
        }
        lookedForLeft = System.nanoTime();
    }

    private boolean commit(DecidedBatch batch) {
        if (batch.next().isEmpty()) {
            parts.decisions().committed();
            return true;
        }
        try {
            ensureFeeds(batch.entries());
            producer.beginTransaction();
            batch.entries().forEach(this::send);
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            batch.next().forEach((partition, next) -> offsets.put(commands(partition), new OffsetAndMetadata(next)));
            producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
            producer.commitTransaction();
        } catch (org.apache.kafka.common.errors.TimeoutException | InterruptException e) {
            throw e; // whether it was committed is not known; only a new session can find out
        } catch (KafkaException e) {
            undo(batch, e);
            return false;
        }
        parts.decisions().committed();
        return true;
    }

    /** The transaction failed for sure, for example because the group moved on; its commands are read again. */
    private void undo(DecidedBatch batch, KafkaException cause) {
        producer.abortTransaction();
        parts.decisions().aborted();
        parts.faults().trouble("a batch of commands was not committed and is decided again", cause);
        rewind(batch.first());
    }

    private void send(Entry entry) {
        int partition = Partitions.of(entry.stream(), Topics.PARTITIONS);
        // Failures of single records surface at the commit.
        producer.send(new ProducerRecord<>(Topics.EVENTS, partition, entry.stream(), entry.event()));
        entry.node().ifPresent(node ->
                producer.send(new ProducerRecord<>(Topics.nodeFeed(node), 0, entry.stream(), entry.event())));
    }

    /** A feed that does not exist would block the transaction, so it is made first. */
    private void ensureFeeds(List<Entry> entries) {
        for (Entry entry : entries) {
            if (entry.node().isPresent() && !feeds.contains(entry.node().get())) {
                String node = entry.node().get();
                new Topics(parts.settings(), Duration.ofMillis(ClientProperties.API_TIMEOUT_MS)).ensureNodeFeed(node);
                feeds.add(node);
            }
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
        // The producer first: an open transaction is given up before another owner may start.
        producer.close(CLOSE);
        // A member with a name of its own stays in the group unless it says that it leaves.
        consumer.close(CloseOptions.timeout(CLOSE)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        admin.close(Duration.ofSeconds(1));
    }
}
