package io.openshell.log.kafka;

import io.openshell.log.LogUnavailable;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Where the events of a partition end, counting those of transactions whose end is not visible yet. */
final class EventEnds {
    private final Admin admin;

    EventEnds(Admin admin) {
        this.admin = admin;
    }

    Map<Integer, Long> of(Set<Integer> partitions) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(p -> asked.put(new TopicPartition(Topics.EVENTS, p), OffsetSpec.latest()));
        // Uncommitted on purpose: the last owner's final transaction counts although its marker may still be on its way.
        var answer = admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED)).all();
        try {
            Map<Integer, Long> ends = new HashMap<>();
            answer.get(ClientProperties.API_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .forEach((partition, info) -> ends.put(partition.partition(), info.offset()));
            return ends;
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the end of the events is not known", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable(LogUnavailable.Cause.REFUSED, "interrupted while asking for the end of the events", e);
        }
    }
}
