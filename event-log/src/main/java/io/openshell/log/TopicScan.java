package io.openshell.log;

import java.time.Duration;
import java.util.Map;

/** Reads a topic once, from a start to what is committed when the read begins. Blocks: for history, off event loops. */
@FunctionalInterface
public interface TopicScan {

    /** Takes records on the reading thread; those of one partition come in order. */
    @FunctionalInterface
    interface Taker {
        /** Takes one record; false when nothing behind it in its partition is wanted. */
        boolean take(LogRecord record);
    }

    /**
     * Reads every partition of the topic.
     *
     * @param from offset to start at per partition; a partition not named starts at its beginning
     * @return the offset after the last committed record, per partition, as it was when the read began
     * @throws LogUnavailable when the read does not end within the deadline
     */
    Map<Integer, Long> read(String topic, Map<Integer, Long> from, Taker taker, Duration deadline);

    /**
     * The same of the partition that one stream lives in, from its beginning; at most of the others too.
     *
     * @throws LogUnavailable when the read does not end within the deadline
     */
    default void readStream(String topic, String stream, Taker taker, Duration deadline) {
        readStream(topic, stream, Map.of(), taker, deadline);
    }

    /** The same from an offset on; those of other partitions are of no matter. */
    default void readStream(String topic, String stream, Map<Integer, Long> from, Taker taker, Duration deadline) {
        read(topic, from, taker, deadline);
    }
}
