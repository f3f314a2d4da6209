package io.openshell.log.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The records of a topic that count: of the events those {@link TermReader} lets through, of any other topic all. One thread. */
final class CountingRecords {
    private final boolean events;
    private final Map<Integer, TermReader> readers = new HashMap<>();

    CountingRecords(String topic) {
        this.events = topic.equals(Topics.EVENTS);
    }

    /** The offset a partition must be read from, so that those from {@code from} on can be told. Before its first record. */
    long seekTo(TopicPartition partition, long from) {
        if (!events) {
            return from;
        }
        return readers.computeIfAbsent(partition.partition(), number -> TermReader.from(from)).seekTo();
    }

    /** Takes the next record; those that now count go to {@code counting}, in order. */
    void take(ConsumerRecord<String, byte[]> record, Consumer<ConsumerRecord<String, byte[]>> counting) {
        if (events) {
            readers.get(record.partition()).take(record, counting);
        } else {
            counting.accept(record);
        }
    }

    /** Where to go on reading a partition with a new reader, whose newest record read stands before {@code position}. */
    long resume(int partition, long position) {
        return events ? readers.get(partition).resume() : position;
    }

    /** Records that did not count, so far. */
    long leftOut() {
        return readers.values().stream().mapToLong(TermReader::leftOut).sum();
    }
}
