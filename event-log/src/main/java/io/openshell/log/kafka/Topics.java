package io.openshell.log.kafka;

import io.openshell.log.LogUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of the log: their names, their shape, and creating the missing ones. Blocks; keep off event loops. */
public final class Topics {
    /** Commands, by stream. */
    public static final String COMMANDS = "openshell.commands";
    /** Events, by stream. The truth; kept for ever. */
    public static final String EVENTS = "openshell.events";
    /** Verdicts and log lines, by sandbox. */
    public static final String ACTIVITY = "openshell.activity";
    /** Partitions of commands and of events: equal, so that owning one is owning the other. Cannot change. */
    public static final int PARTITIONS = 8;

    static final int ACTIVITY_PARTITIONS = 4;
    private static final String FOR_EVER = "-1";
    private static final String SEVEN_DAYS = Long.toString(Duration.ofDays(7).toMillis());
    private static final String ONE_GIB = Long.toString(1L << 30);
    private static final Pattern NODE_ID = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

    private final KafkaSettings settings;
    private final Duration deadline;

    private record Shape(String name, int partitions, Map<String, String> config) {}

    /**
     * Topics of one log.
     *
     * @param deadline bound of each call
     */
    public Topics(KafkaSettings settings, Duration deadline) {
        this.settings = settings;
        this.deadline = deadline;
    }

    /** Name of the feed of one node. */
    public static String nodeFeed(String nodeId) {
        if (!NODE_ID.matcher(nodeId).matches()) {
            throw new IllegalArgumentException("a node id is 1 to 200 of a-z A-Z 0-9 . _ -, not '" + nodeId + "'");
        }
        return "openshell.node." + nodeId;
    }

    /**
     * Creates the topics that are missing.
     *
     * @return how existing ones differ from what is wanted, empty when all is well
     * @throws LogUnavailable when the log does not answer within the deadline
     */
    public List<TopicMismatch> ensure() {
        return ensure(List.of(
                shape(COMMANDS, PARTITIONS, SEVEN_DAYS, FOR_EVER),
                shape(EVENTS, PARTITIONS, FOR_EVER, FOR_EVER),
                // Size is bounded per partition.
                shape(ACTIVITY, ACTIVITY_PARTITIONS, SEVEN_DAYS, Long.toString(Long.parseLong(ONE_GIB) / ACTIVITY_PARTITIONS))));
    }

    /**
     * Copies to keep of every record: three where there are three brokers to hold them, else one.
     *
     * @throws LogUnavailable when the log does not answer within the deadline
     */
    public short copies() {
        try (Admin admin = Admin.create(ClientProperties.admin(settings))) {
            return (short) (await(admin.describeCluster().nodes()).size() >= 3 ? 3 : 1);
        } catch (KafkaException e) {
            throw new LogUnavailable(LogUnavailable.Cause.REFUSED, "the log cannot be asked: " + e.getMessage(), e);
        }
    }

    /** Creates the feed of a node if it is missing; result and errors as {@link #ensure()}. */
    public List<TopicMismatch> ensureNodeFeed(String nodeId) {
        return ensure(List.of(shape(nodeFeed(nodeId), 1, FOR_EVER, FOR_EVER)));
    }

    private static Shape shape(String name, int partitions, String retentionMs, String retentionBytes) {
        return new Shape(name, partitions, Map.of(
                "retention.ms", retentionMs, "retention.bytes", retentionBytes, "cleanup.policy", "delete",
                // The log's own clock: that of a writer would let a past be asked for that never was.
                "message.timestamp.type", "LogAppendTime"));
    }

    private List<TopicMismatch> ensure(List<Shape> wanted) {
        long end = System.nanoTime() + deadline.toNanos();
        try (Admin admin = Admin.create(ClientProperties.admin(settings))) {
            Set<String> existing = await(admin.listTopics().names());
            for (Shape shape : wanted) {
                if (!existing.contains(shape.name())) {
                    create(admin, shape);
                }
            }
            return compareWhenVisible(admin, wanted, end);
        } catch (KafkaException e) {
            throw new LogUnavailable(LogUnavailable.Cause.REFUSED, "the log's topics cannot be read: " + e.getMessage(), e);
        }
    }

    private void create(Admin admin, Shape shape) {
        NewTopic topic = new NewTopic(shape.name(), shape.partitions(), settings.replication()).configs(config(shape));
        try {
            await(admin.createTopics(List.of(topic)).all());
        } catch (TopicExistsException e) {
            // Somebody else created it in the meantime; its shape is compared like that of any other.
        }
    }

    private Map<String, String> config(Shape shape) {
        Map<String, String> config = new HashMap<>(shape.config());
        // With three copies one broker may be away; with fewer in step nothing is acknowledged.
        config.put("min.insync.replicas", settings.replication() > 1 ? "2" : "1");
        return config;
    }

    /** A topic just created, here or elsewhere, is known to the brokers a moment later. */
    private List<TopicMismatch> compareWhenVisible(Admin admin, List<Shape> wanted, long end) {
        Backoff backoff = new Backoff();
        while (true) {
            try {
                return compare(admin, wanted);
            } catch (UnknownTopicOrPartitionException e) {
                if (System.nanoTime() - end >= 0) {
                    throw new LogUnavailable(
                            LogUnavailable.Cause.DEADLINE, "the log's topics were not to be seen within " + deadline, e);
                }
                backoff.pause(() -> false);
            }
        }
    }

    private List<TopicMismatch> compare(Admin admin, List<Shape> present) {
        Collection<String> names = present.stream().map(Shape::name).toList();
        Map<String, TopicDescription> descriptions = await(admin.describeTopics(names).allTopicNames());
        var resources = names.stream().map(n -> new ConfigResource(ConfigResource.Type.TOPIC, n)).toList();
        var configs = await(admin.describeConfigs(resources).all());
        List<TopicMismatch> found = new ArrayList<>();
        for (Shape shape : present) {
            int partitions = descriptions.get(shape.name()).partitions().size();
            if (partitions != shape.partitions()) {
                found.add(new TopicMismatch(
                        shape.name(), "partitions", Integer.toString(shape.partitions()), Integer.toString(partitions)));
            }
            int copies = descriptions.get(shape.name()).partitions().getFirst().replicas().size();
            if (copies < settings.replication()) {
                found.add(new TopicMismatch(
                        shape.name(), "replication", Short.toString(settings.replication()), Integer.toString(copies)));
            }
            var config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, shape.name()));
            config(shape).forEach((key, value) -> {
                String actual = config.get(key).value();
                if (!value.equals(actual)) {
                    found.add(new TopicMismatch(shape.name(), key, value, actual));
                }
            });
        }
        return List.copyOf(found);
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException || e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw (KafkaException) e.getCause();
            }
            throw new LogUnavailable(
                    LogUnavailable.Cause.REFUSED, "the log at " + settings.bootstrap() + ": " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new LogUnavailable(LogUnavailable.Cause.DEADLINE,
                    "the log at " + settings.bootstrap() + " did not answer within " + deadline, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable(LogUnavailable.Cause.REFUSED, "interrupted while waiting for the log", e);
        }
    }
}
