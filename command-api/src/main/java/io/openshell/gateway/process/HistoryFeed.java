package io.openshell.gateway.process;

import io.openshell.gateway.time.LogFeed;
import io.openshell.log.LogFaults;
import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import io.openshell.log.kafka.KafkaFollower;
import io.openshell.log.kafka.KafkaTopicScan;
import io.openshell.log.kafka.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The events topic as the history store follows it: on a follower of its own, so that a slow disk holds up no view. */
record HistoryFeed(LogSide log, LogFaults faults) implements LogFeed {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @Override
    public Following follow(Map<Integer, Long> from, RecordListener listener) {
        KafkaFollower follower = KafkaFollower.follow(
                log.settings(), Topics.EVENTS, KafkaFollower.Pace.UNHURRIED, from, listener, faults);
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
    public Map<Integer, LogRecord> at(Map<Integer, Long> offsets) {
        Map<Integer, LogRecord> found = new HashMap<>();
        new KafkaTopicScan(log.settings()).read(Topics.EVENTS, offsets, record -> {
            Long wanted = offsets.get(record.position().partition());
            if (wanted != null && wanted == record.position().offset()) {
                found.put(record.position().partition(), record);
            }
            return false;
        }, DEADLINE);
        return found;
    }

    @Override
    public Map<Integer, Long> served() {
        return log.events().positions();
    }
}
