package io.openshell.log.kafka;

import io.openshell.log.Entry;

/**
 * An event that is to be written.
 *
 * @param command offset of the command that led to it, in the partition of the same number
 * @param remaining events of the same command that follow
 */
record DecidedEvent(Entry entry, long command, int remaining) {
    int partition() {
        return Partitions.of(entry.stream(), Topics.PARTITIONS);
    }
}
