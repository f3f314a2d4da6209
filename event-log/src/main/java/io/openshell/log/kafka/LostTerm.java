package io.openshell.log.kafka;

import org.apache.kafka.common.KafkaException;

/** Somebody else wrote into a partition since our term began: what we wrote behind it may not count. */
final class LostTerm extends KafkaException {
    private static final long serialVersionUID = 1L;

    LostTerm(int partition, long expected, long found) {
        super("events of partition " + partition + " came to stand at " + found + " instead of " + expected
                + ": another process writes there");
    }
}
