package io.openshell.log.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;

/** What is wanted of one topic, whatever the number of brokers. Pure. */
record TopicShape(String name, int partitions, Map<String, String> config) {

    private static final String FOR_EVER = "-1";
    private static final String SEVEN_DAYS = Long.toString(Duration.ofDays(7).toMillis());
    private static final String ONE_HOUR = Long.toString(Duration.ofHours(1).toMillis());
    private static final long ONE_GIB = 1L << 30;

    /** Those every log has. */
    static List<TopicShape> ofEveryLog() {
        return List.of(
                shape(Topics.COMMANDS, Topics.PARTITIONS, SEVEN_DAYS, FOR_EVER),
                shape(Topics.EVENTS, Topics.PARTITIONS, FOR_EVER, FOR_EVER),
                shape(Topics.NODES, 1, FOR_EVER, FOR_EVER),
                // Size is bounded per partition.
                shape(Topics.ACTIVITY, Topics.ACTIVITY_PARTITIONS, SEVEN_DAYS,
                        Long.toString(ONE_GIB / Topics.ACTIVITY_PARTITIONS)),
                compacted(Topics.VAULT));
    }

    /** The same and the feeds of these nodes. */
    static List<TopicShape> with(Collection<String> nodeIds) {
        return Stream.concat(ofEveryLog().stream(), nodeIds.stream().sorted().map(TopicShape::feed)).toList();
    }

    /** The feed of one node. */
    static TopicShape feed(String nodeId) {
        return shape(Topics.nodeFeed(nodeId), 1, FOR_EVER, FOR_EVER);
    }

    /** What was replaced or removed goes within hours, not when the topic has grown. */
    private static TopicShape compacted(String name) {
        return new TopicShape(name, 1, Map.of(
                "cleanup.policy", "compact", "max.compaction.lag.ms", ONE_HOUR, "segment.ms", ONE_HOUR,
                "min.cleanable.dirty.ratio", "0.01", "message.timestamp.type", "LogAppendTime"));
    }

    private static TopicShape shape(String name, int partitions, String retentionMs, String retentionBytes) {
        return new TopicShape(name, partitions, Map.of(
                "retention.ms", retentionMs, "retention.bytes", retentionBytes, "cleanup.policy", "delete",
                // The log's own clock: that of a writer would let a past be asked for that never was.
                "message.timestamp.type", "LogAppendTime"));
    }

    NewTopic created(short replication) {
        return new NewTopic(name, partitions, replication).configs(wanted(replication));
    }

    private SortedMap<String, String> wanted(short replication) {
        SortedMap<String, String> wanted = new TreeMap<>(config);
        wanted.put("min.insync.replicas", Integer.toString(acknowledging(replication)));
        return wanted;
    }

    /** With three copies one broker may be away; with fewer in step nothing is acknowledged. */
    static int acknowledging(short replication) {
        return replication > 1 ? 2 : 1;
    }

    /** The report about a topic that is missing. */
    TopicReport missing(short replication) {
        List<TopicReport.Setting> settings = new ArrayList<>();
        settings.add(new TopicReport.Setting("partitions", Integer.toString(partitions), "", false));
        settings.add(new TopicReport.Setting("replication", Short.toString(replication), "", false));
        wanted(replication).forEach((key, value) -> settings.add(new TopicReport.Setting(key, value, "", false)));
        return new TopicReport(name, false, settings);
    }

    /** The report about one that exists. */
    TopicReport compared(short replication, TopicDescription found, Config foundConfig) {
        List<TopicReport.Setting> settings = new ArrayList<>();
        settings.add(setting("partitions", Integer.toString(partitions), Integer.toString(found.partitions().size())));
        int copies = fewest(found, each -> each.replicas().size());
        settings.add(new TopicReport.Setting(
                "replication", Short.toString(replication), Integer.toString(copies), copies >= replication));
        wanted(replication).forEach((key, value) -> settings.add(setting(key, value, foundConfig.get(key).value())));
        return new TopicReport(name, true, settings);
    }

    /** Whether every partition has a leader and enough copies in step to acknowledge a record. */
    static boolean takesRecords(TopicDescription topic, int acknowledging) {
        return topic.partitions().stream().allMatch(each -> each.leader() != null && !each.leader().isEmpty()
                && each.isr().size() >= acknowledging);
    }

    private static int fewest(TopicDescription topic, ToIntFunction<TopicPartitionInfo> count) {
        return topic.partitions().stream().mapToInt(count).min().orElse(0);
    }

    private static TopicReport.Setting setting(String name, String wanted, String found) {
        return new TopicReport.Setting(name, wanted, found, wanted.equals(found));
    }
}
