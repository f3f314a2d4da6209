package io.openshell.log.kafka;

import io.openshell.log.LogFaults;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks the log once a second where its events end, and so knows how old a view is that was folded from them: the time
 * since the view was known to hold everything. Goes on asking while the log is away.
 */
public final class LogPulse implements AutoCloseable {
    private static final long EVERY_MS = 1_000;
    private static final long ANSWER_MS = 2_000;
    private static final Duration CLOSE = Duration.ofSeconds(3);

    /** Looks between two at the topics' copies, while these are well. */
    private static final int COPIES_EVERY = 5;

    private final KafkaSettings settings;
    private final KafkaFollower events;
    private final LogFaults faults;
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean answers;
    private volatile boolean takesRecords = true;
    private volatile long currentAt = System.nanoTime();
    private volatile Map<Integer, Long> lag = Map.of();

    private LogPulse(KafkaSettings settings, KafkaFollower events, LogFaults faults) {
        this.settings = settings;
        this.events = events;
        this.faults = faults;
        this.thread = Thread.ofPlatform().name("log-pulse").daemon().unstarted(this::run);
    }

    /** Starts asking; does not wait for the log. */
    public static LogPulse start(KafkaSettings settings, KafkaFollower events, LogFaults faults) {
        LogPulse pulse = new LogPulse(settings, events, faults);
        pulse.thread.start();
        return pulse;
    }

    /** Whether the log answered last time. Any thread. */
    public boolean answers() {
        return answers;
    }

    /**
     * Whether every partition of commands and events had a leader and enough copies in step to acknowledge a record, at most
     * some seconds ago. Any thread.
     */
    public boolean takesRecords() {
        return takesRecords;
    }

    /** Time since the view was known to hold everything; about a second at most while all is well. Any thread. */
    public Duration age() {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - currentAt));
    }

    /** Records of each partition of the events that the view lacked when the log answered last. Any thread. */
    public Map<Integer, Long> lag() {
        return lag;
    }

    private void run() {
        Admin admin = Admin.create(ClientProperties.admin(settings));
        boolean complained = false;
        try {
            for (int looks = 0; !closing; looks++) {
                Optional<Exception> trouble = look(admin, !takesRecords || looks % COPIES_EVERY == 0);
                // Told before anything that may take time: that the log is away is the news.
                answers = trouble.isEmpty();
                if (trouble.isPresent() && !complained) {
                    // Once per absence; that it lasts is to be seen in the view's age.
                    faults.trouble("asking where the log's events end", trouble.get());
                }
                complained = trouble.isPresent();
                TimeUnit.MILLISECONDS.sleep(EVERY_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only close() interrupts
        } finally {
            admin.close(Duration.ofSeconds(1));
        }
    }

    private Optional<Exception> look(Admin admin, boolean copies) throws InterruptedException {
        try {
            compare(admin);
            if (copies) {
                takesRecords = enoughCopies(admin);
            }
            return Optional.empty();
        } catch (KafkaException | TimeoutException | ExecutionException e) {
            return Optional.of(e);
        }
    }

    private void compare(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        long asked = System.nanoTime();
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (int partition = 0; partition < Topics.PARTITIONS; partition++) {
            wanted.put(new TopicPartition(Topics.EVENTS, partition), OffsetSpec.latest());
        }
        var ends = admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs((int) ANSWER_MS))
                .all()
                .get(ANSWER_MS, TimeUnit.MILLISECONDS);
        Map<Integer, Long> positions = events.read();
        Map<Integer, Long> missing = new HashMap<>();
        ends.forEach((partition, end) -> missing.put(partition.partition(),
                Math.max(0, end.offset() - positions.getOrDefault(partition.partition(), 0L))));
        lag = Map.copyOf(missing);
        if (missing.values().stream().allMatch(count -> count == 0)) {
            currentAt = asked;
        }
    }

    private boolean enoughCopies(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        int acknowledging = TopicShape.acknowledging(settings.replication());
        return admin.describeTopics(List.of(Topics.COMMANDS, Topics.EVENTS),
                        new DescribeTopicsOptions().timeoutMs((int) ANSWER_MS)).allTopicNames()
                .get(ANSWER_MS, TimeUnit.MILLISECONDS).values().stream()
                .allMatch(topic -> TopicShape.takesRecords(topic, acknowledging));
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
