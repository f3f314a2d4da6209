package io.openshell.gateway.process;

import io.openshell.gateway.time.LogFeed;
import io.openshell.log.LogFaults;
import io.openshell.log.RecordListener;
import io.openshell.log.kafka.KafkaFollower;
import io.openshell.log.kafka.Topics;
import java.util.Map;

/** The events topic as the history store follows it: on a follower of its own, so that a slow disk holds up no view. */
record HistoryFeed(LogSide log, LogFaults faults) implements LogFeed {

    @Override
    public Following follow(Map<Integer, Long> from, RecordListener listener) {
        KafkaFollower follower = KafkaFollower.follow(log.settings(), Topics.EVENTS, from, listener, faults);
        return new Following() {
            @Override
            public boolean passed(int partition, long offset) {
                return follower.passed(partition, offset);
            }

            @Override
            public void close() {
                follower.close();
            }
        };
    }

    @Override
    public Map<Integer, Long> served() {
        return log.events().positions();
    }
}
