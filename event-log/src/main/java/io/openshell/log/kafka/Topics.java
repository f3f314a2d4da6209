package io.openshell.log.kafka;

import io.openshell.log.Entry;
import io.openshell.log.LogUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
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
    /** What concerns every node, whenever it registers. */
    public static final String NODES = "openshell.nodes";
    /** Sealed secrets, by the name of their bundle. Only the newest record of a name is kept. */
    public static final String VAULT = "openshell.vault";
    /** Partitions of commands and of events: equal, so that owning one is owning the other. Cannot change. */
    public static final int PARTITIONS = 8;

    static final int ACTIVITY_PARTITIONS = 4;
    private static final Pattern NODE_ID = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

    private final KafkaSettings settings;
    private final Duration deadline;

    /**
     * Topics of one log.
     *
     * @param deadline bound of each call
     */
    public Topics(KafkaSettings settings, Duration deadline) {
        this.settings = settings;
        this.deadline = deadline;
    }

    /** Name of the feed of one node, or of the one all of them follow ({@link Entry#EVERY_NODE}). */
    public static String nodeFeed(String nodeId) {
        if (nodeId.equals(Entry.EVERY_NODE)) {
            return NODES;
        }
        if (!NODE_ID.matcher(nodeId).matches()) {
            throw new IllegalArgumentException("a node id is 1 to 200 of a-z A-Z 0-9 . _ -, not '" + nodeId + "'");
        }
        return "openshell.node." + nodeId;
    }

    /** Partition of commands and events that a stream lives in. */
    public static int partitionOf(String stream) {
        return Partitions.of(stream, PARTITIONS);
    }

    /**
     * Creates the topics that are missing.
     *
     * @return how existing ones differ from what is wanted, empty when all is well
     * @throws LogUnavailable when the log does not answer within the deadline
     */
    public List<TopicMismatch> ensure() {
        return ensure(TopicShape.ofEveryLog());
    }

    /**
     * Compares every topic there should be with what there is, and changes nothing.
     *
     * @param nodeIds whose feeds are looked at too
     * @throws LogUnavailable when the log does not answer within the deadline
     */
    public List<TopicReport> report(Collection<String> nodeIds) {
        try (Admin admin = Admin.create(ClientProperties.admin(settings))) {
            return report(admin, TopicShape.with(nodeIds));
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    /** Creates what is missing of these; nothing else is changed. Errors as {@link #report}. */
    public List<TopicReport> createMissing(Collection<String> nodeIds) {
        ensure(TopicShape.with(nodeIds));
        return report(nodeIds);
    }

    /**
     * Copies to keep of every record: three where there are three brokers to hold them, else one.
     *
     * @throws LogUnavailable when the log does not answer within the deadline
     */
    public short copies() {
        return (short) (brokers() >= 3 ? 3 : 1);
    }

    /** Brokers that are there now. Errors as {@link #copies}. */
    public int brokers() {
        try (Admin admin = Admin.create(ClientProperties.admin(settings))) {
            return await(admin.describeCluster().nodes()).size();
        } catch (KafkaException e) {
            throw new LogUnavailable(LogUnavailable.Cause.REFUSED, "the log cannot be asked: " + e.getMessage(), e);
        }
    }

    /** Creates the feed of a node if it is missing; result and errors as {@link #ensure()}. */
    public List<TopicMismatch> ensureNodeFeed(String nodeId) {
        return ensure(List.of(TopicShape.feed(nodeId)));
    }

    private List<TopicMismatch> ensure(List<TopicShape> wanted) {
        long end = System.nanoTime() + deadline.toNanos();
        try (Admin admin = Admin.create(ClientProperties.admin(settings))) {
            Set<String> existing = await(admin.listTopics().names());
            for (TopicShape shape : wanted) {
                if (!existing.contains(shape.name())) {
                    create(admin, shape);
                }
            }
            return reportWhenVisible(admin, wanted, end).stream().flatMap(each -> each.mismatches().stream()).toList();
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    private static LogUnavailable unreadable(KafkaException cause) {
        return new LogUnavailable(
                LogUnavailable.Cause.REFUSED, "the log's topics cannot be read: " + cause.getMessage(), cause);
    }

    private void create(Admin admin, TopicShape shape) {
        try {
            await(admin.createTopics(List.of(shape.created(settings.replication()))).all());
        } catch (TopicExistsException e) {
            // Somebody else created it in the meantime; its shape is compared like that of any other.
        }
    }

    /** A topic just created, here or elsewhere, is known to the brokers a moment later. */
    private List<TopicReport> reportWhenVisible(Admin admin, List<TopicShape> wanted, long end) {
        Backoff backoff = new Backoff();
        while (true) {
            List<TopicReport> found = report(admin, wanted);
            if (found.stream().allMatch(TopicReport::present)) {
                return found;
            }
            if (System.nanoTime() - end >= 0) {
                throw new LogUnavailable(
                        LogUnavailable.Cause.DEADLINE, "the log's topics were not to be seen within " + deadline);
            }
            backoff.pause(() -> false);
        }
    }

    private List<TopicReport> report(Admin admin, List<TopicShape> wanted) {
        Set<String> existing = await(admin.listTopics().names());
        List<TopicReport> found = new ArrayList<>();
        for (TopicShape shape : wanted) {
            found.add(existing.contains(shape.name()) ? compared(admin, shape) : shape.missing(settings.replication()));
        }
        return List.copyOf(found);
    }

    private TopicReport compared(Admin admin, TopicShape shape) {
        try {
            TopicDescription description = await(admin.describeTopics(List.of(shape.name())).allTopicNames()).get(shape.name());
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, shape.name());
            Config config = await(admin.describeConfigs(List.of(resource)).all()).get(resource);
            return shape.compared(settings.replication(), description, config);
        } catch (UnknownTopicOrPartitionException e) {
            // Listed and not to be seen: just created, or being deleted.
            return shape.missing(settings.replication());
        }
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
