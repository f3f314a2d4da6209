package io.openshell.gateway.time;

import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import java.util.Map;

/** Follows the events topic for the history store, and knows how far the served views are. Safe for any thread. */
public interface LogFeed {

    /** A follower under way. */
    interface Following extends AutoCloseable {
        /** Whether the listener was given every record before this offset. */
        boolean passed(int partition, long offset);

        @Override
        void close();
    }

    /** Hands over every record from these offsets on, on a thread of its own. */
    Following follow(Map<Integer, Long> from, RecordListener listener);

    /**
     * The records at these offsets; none for a partition that holds no record there. Blocks some seconds at most.
     *
     * @throws io.openshell.log.LogUnavailable when the log does not answer in time
     */
    Map<Integer, LogRecord> at(Map<Integer, Long> offsets);

    /** The offset after what the served views have folded, per partition. */
    Map<Integer, Long> served();
}
