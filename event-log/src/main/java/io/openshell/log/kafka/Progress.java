package io.openshell.log.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far deciding came, as it is stored with the group: the next command and, beside it, up to which event the feeds have their
 * copies. Stored every now and then, for what lies behind it is found in the events themselves. One thread.
 */
final class Progress {
    private static final Pattern EVENTS = Pattern.compile("events=(\\d{1,19})");

    private final Map<TopicPartition, OffsetAndMetadata> unstored = new HashMap<>();
    private long storedAt = System.nanoTime();

    /** Everything before this command is decided, and every event before that offset is copied. */
    void reached(int partition, long nextCommand, long eventsEnd) {
        unstored.put(new TopicPartition(Topics.COMMANDS, partition), new OffsetAndMetadata(nextCommand, "events=" + eventsEnd));
    }

    /** Forgets what is no longer ours to tell. */
    void forget(int partition) {
        unstored.remove(new TopicPartition(Topics.COMMANDS, partition));
    }

    boolean isDue(long everyNanos) {
        return !unstored.isEmpty() && System.nanoTime() - storedAt >= everyNanos;
    }

    /** All that is not stored yet; from now on it counts as stored. */
    Map<TopicPartition, OffsetAndMetadata> take() {
        Map<TopicPartition, OffsetAndMetadata> all = Map.copyOf(unstored);
        unstored.clear();
        storedAt = System.nanoTime();
        return all;
    }

    /** Up to which event the feeds have their copies; empty when an older release stored it, which copied at once. */
    static OptionalLong copied(OffsetAndMetadata stored) {
        Matcher events = EVENTS.matcher(stored.metadata());
        return events.matches() ? OptionalLong.of(Long.parseLong(events.group(1))) : OptionalLong.empty();
    }
}
