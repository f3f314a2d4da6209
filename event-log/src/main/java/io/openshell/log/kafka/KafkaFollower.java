package io.openshell.log.kafka;

import io.openshell.log.LogFaults;
import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.log.RecordListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Hands every record of a topic to a listener, on a thread of its own, and goes on following; of the events those that count
 * ({@link TermReader}), those of one command together. Trouble with the log is retried from the last record read; a listener
 * that throws stops the follower, loudly.
 */
public final class KafkaFollower implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    /** An unhurried follower that was given this many records at once is behind and does not rest, records. */
    private static final int MANY = 250;

    /** Between two answers to an unhurried follower that is not behind. */
    private static final long REST_NANOS = 100_000_000;

    /** How soon a record is handed over. */
    public enum Pace {
        /** As soon as the log has it. */
        AT_ONCE,
        /** Within a fifth of a second, with what came meanwhile: costs the log and this process much less. */
        UNHURRIED
    }

    private final KafkaSettings settings;
    private final String topic;
    private final Pace pace;
    private final RecordListener listener;
    private final LogFaults faults;
    private final Map<Integer, Long> next;
    private final Map<Integer, Long> resume;
    private final Map<Integer, Long> caughtUpAt = new ConcurrentHashMap<>();
    private final CountingRecords counting;
    private final Thread thread;
    /** Partitions with a term known already, from before the log gave trouble. */
    private final Set<Integer> started = new HashSet<>();

    private boolean caughtUp;
    private long leftOut;
    private volatile boolean closing;
    private volatile @Nullable KafkaConsumer<String, byte[]> current;

    private KafkaFollower(KafkaSettings settings, String topic, Pace pace, Map<Integer, Long> from, RecordListener listener,
            LogFaults faults) {
        this.settings = settings;
        this.topic = topic;
        this.pace = pace;
        this.listener = listener;
        this.faults = faults;
        this.next = new ConcurrentHashMap<>(from);
        this.resume = new ConcurrentHashMap<>(from);
        this.counting = new CountingRecords(topic);
        this.thread = Thread.ofPlatform().name("follow-" + topic).daemon().unstarted(this::run);
    }

    /**
     * Starts following. The log may be away; the follower then waits for it.
     *
     * @param from offset to start at per partition; a partition not named starts at its beginning
     */
    public static KafkaFollower follow(
            KafkaSettings settings, String topic, Map<Integer, Long> from, RecordListener listener, LogFaults faults) {
        return follow(settings, topic, Pace.AT_ONCE, from, listener, faults);
    }

    /** The same at another pace. */
    public static KafkaFollower follow(KafkaSettings settings, String topic, Pace pace, Map<Integer, Long> from,
            RecordListener listener, LogFaults faults) {
        KafkaFollower follower = new KafkaFollower(settings, topic, pace, from, listener, faults);
        follower.thread.start();
        return follower;
    }

    /** Whether the listener was given every record before this offset of a partition that counts. Any thread. */
    public boolean passed(int partition, long offset) {
        return next.getOrDefault(partition, 0L) >= offset;
    }

    /** The offset to start at next time, per partition: all before it was handed over. Any thread. */
    public Map<Integer, Long> positions() {
        return Map.copyOf(resume);
    }

    /** The offset behind the newest record read, counting or not, per partition. Any thread. */
    Map<Integer, Long> read() {
        return Map.copyOf(next);
    }

    private void run() {
        Backoff backoff = new Backoff();
        while (!closing) {
            try (var consumer = new KafkaConsumer<String, byte[]>(ClientProperties.consumer(settings, reset()))) {
                current = consumer;
                List<TopicPartition> partitions = start(consumer);
                while (!closing) {
                    rest(step(consumer, partitions));
                    backoff.reset();
                }
            } catch (WakeupException e) {
                // Only close() wakes; the loop condition ends the thread.
            } catch (InvalidOffsetException | ListenerFailed e) {
                faults.stopped("follower of " + topic, e.getCause() == null ? e : e.getCause());
                return;
            } catch (KafkaException e) {
                faults.trouble("follower of " + topic, e);
                backoff.pause(() -> closing);
            } catch (RuntimeException e) {
                faults.stopped("follower of " + topic, e);
                return;
            } finally {
                current = null;
            }
        }
    }

    /** Records of activity may be gone by age; of any other topic a hole must be heard of. */
    private String reset() {
        return topic.equals(Topics.ACTIVITY) ? "earliest" : "none";
    }

    private List<TopicPartition> start(KafkaConsumer<String, byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(p -> new TopicPartition(topic, p.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new KafkaException("the log has no topic " + topic);
        }
        Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
        if (!caughtUp) {
            consumer.endOffsets(partitions).forEach((p, end) -> caughtUpAt.putIfAbsent(p.partition(), end));
        }
        consumer.assign(partitions);
        for (TopicPartition p : partitions) {
            boolean first = !started.contains(p.partition());
            next.putIfAbsent(p.partition(), begin.get(p));
            long from = next.get(p.partition());
            consumer.seek(p, first ? Math.max(begin.get(p), counting.seekTo(p, from)) : from);
            started.add(p.partition());
        }
        return partitions;
    }

    /** One poll; the number of records it brought. */
    private int step(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions) {
        tellCaughtUp();
        ConsumerRecords<String, byte[]> polled = consumer.poll(POLL);
        List<LogRecord> records = new ArrayList<>(polled.count());
        polled.forEach(each -> counting.take(each, record -> records.add(record(record))));
        if (!records.isEmpty()) {
            tell(() -> listener.onRecords(records));
        }
        // Behind the last record handed over may stand others, so the client's position is what was read.
        for (TopicPartition p : partitions) {
            long position = consumer.position(p);
            next.merge(p.partition(), position, Math::max);
            resume.put(p.partition(), counting.resume(p.partition(), position));
        }
        tellLeftOut();
        return polled.count();
    }

    /** What comes meanwhile is fetched with one request; while nothing comes, the log is asked as seldom as by any other. */
    private void rest(int brought) {
        if (pace == Pace.UNHURRIED && brought > 0 && brought < MANY && !closing) {
            LockSupport.parkNanos(this, REST_NANOS);
        }
    }

    private void tellLeftOut() {
        long now = counting.leftOut();
        if (now > leftOut) {
            faults.trouble("following " + topic, new KafkaException(now - leftOut
                    + " records do not count: who wrote them had lost the partition, or never had it"));
            leftOut = now;
        }
    }

    private void tellCaughtUp() {
        if (!caughtUp && caughtUpAt.entrySet().stream().allMatch(e -> passed(e.getKey(), e.getValue()))) {
            caughtUp = true;
            tell(listener::onCaughtUp);
        }
    }

    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            throw new ListenerFailed(e);
        }
    }

    static List<LogRecord> records(ConsumerRecords<String, byte[]> polled) {
        List<LogRecord> records = new ArrayList<>(polled.count());
        polled.forEach(r -> records.add(record(r)));
        return records;
    }

    static LogRecord record(ConsumerRecord<String, byte[]> r) {
        // A record without a value stands only where the newest of each key is kept, and says that there is none any more.
        byte[] value = r.value() == null ? new byte[0] : r.value();
        return new LogRecord(new Position(r.partition(), r.offset()), Instant.ofEpochMilli(r.timestamp()), r.key(), value);
    }

    private static final class ListenerFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ListenerFailed(Throwable cause) {
            super(cause);
        }
    }

    /** Stops following within a few seconds. Not from the listener. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        var consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            if (!thread.join(CLOSE)) {
                faults.stopped("follower of " + topic, new IllegalStateException("it did not end within " + CLOSE));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
