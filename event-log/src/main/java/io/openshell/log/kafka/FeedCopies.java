package io.openshell.log.kafka;

import io.openshell.log.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Copies events that count into the feeds of the nodes they concern. A copy may come twice, after a take-over, but never before
 * the copy of an older event of its stream is in the feed. One thread.
 */
final class FeedCopies {
    private final Producer<String, byte[]> producer;
    private final KafkaSettings settings;
    private final Set<String> feeds = new HashSet<>();
    private final List<Future<RecordMetadata>> underway = new ArrayList<>();

    FeedCopies(Producer<String, byte[]> producer, KafkaSettings settings) {
        this.producer = producer;
        this.settings = settings;
    }

    /** Makes the feeds that do not exist yet; before the events are written, since a copy must not wait for it. */
    void ensure(List<Entry> entries) {
        for (Entry entry : entries) {
            if (entry.node().isPresent() && !feeds.contains(entry.node().get())) {
                String node = entry.node().get();
                new Topics(settings, Duration.ofMillis(ClientProperties.API_TIMEOUT_MS)).ensureNodeFeed(node);
                feeds.add(node);
            }
        }
    }

    /** Sends copies of those that concern a node, once those sent before have arrived. */
    void send(List<Entry> entries) {
        await();
        for (Entry entry : entries) {
            entry.node().ifPresent(node -> underway.add(producer.send(
                    new ProducerRecord<>(Topics.nodeFeed(node), 0, entry.stream(), entry.event()), this::stopAfter)));
        }
    }

    private void stopAfter(RecordMetadata at, Exception failure) {
        if (failure != null) {
            producer.close(Duration.ZERO);
        }
    }

    /**
     * Waits until all that was sent has arrived.
     *
     * @throws KafkaException when it has not; the copies must be made again by whoever takes over
     */
    void await() {
        underway.forEach(Acknowledged::await);
        underway.clear();
    }
}
