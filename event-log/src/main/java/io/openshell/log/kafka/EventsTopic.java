package io.openshell.log.kafka;

import io.openshell.log.LogUnavailable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * Which log this is, and how long.
 *
 * @param id of the topic of events; another cluster's, or a topic made anew, has another
 * @param ends offset after the last record of each partition
 */
public record EventsTopic(String id, Map<Integer, Long> ends) {
    public EventsTopic {
        ends = Map.copyOf(ends);
    }

    /**
     * Asks the log; blocks.
     *
     * @throws LogUnavailable when it does not answer within five seconds
     */
    public static EventsTopic of(KafkaSettings settings) {
        try (Admin admin = Admin.create(ClientProperties.admin(settings))) {
            TopicDescription topic = admin.describeTopics(List.of(Topics.EVENTS)).allTopicNames()
                    .get(ClientProperties.API_TIMEOUT_MS, TimeUnit.MILLISECONDS).get(Topics.EVENTS);
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            topic.partitions().forEach(p -> asked.put(new TopicPartition(Topics.EVENTS, p.partition()), OffsetSpec.latest()));
            Map<Integer, Long> ends = new HashMap<>();
            admin.listOffsets(asked).all().get(ClientProperties.API_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .forEach((partition, info) -> ends.put(partition.partition(), info.offset()));
            return new EventsTopic(topic.topicId().toString(), ends);
        } catch (ExecutionException | TimeoutException e) {
            throw new LogUnavailable(LogUnavailable.Cause.DEADLINE, "the log does not tell where its events end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable(LogUnavailable.Cause.REFUSED, "interrupted while asking for the end of the events", e);
        }
    }
}
