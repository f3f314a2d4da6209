package io.openshell.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FollowingTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final KafkaSettings settings = BrokerFixture.shared();
    private final String stream = "sandbox/w/" + UUID.randomUUID();
    private final Collector seen = new Collector();
    private KafkaProducer<String, byte[]> producer;

    @BeforeEach
    void produce() {
        producer = new KafkaProducer<>(ClientProperties.transactional(settings, stream));
        producer.initTransactions();
    }

    @AfterEach
    void close() {
        producer.close();
    }

    @Test
    void anAbortedTransactionLeavesNothingVisible() {
        transaction("committed", true);
        transaction("aborted", false);
        transaction("last", true);
        try (var follower = KafkaFollower.follow(settings, Topics.EVENTS, Map.of(), seen, seen)) {
            Await.until("last", LIMIT, () -> seen.texts(stream).contains("last"));
            assertThat(seen.texts(stream)).containsExactly("committed", "last");
            assertThat(follower.positions()).hasSize(Topics.PARTITIONS);
        }
        assertThat(new KafkaStreamReader(settings, 10).read(Topics.EVENTS, stream, LIMIT)).hasSize(2);
    }

    @Test
    void anOpenTransactionIsNotVisibleUntilItsCommit() {
        transaction("first", true);
        producer.beginTransaction();
        send("open");
        producer.flush();
        try (var follower = KafkaFollower.follow(settings, Topics.EVENTS, Map.of(), seen, seen)) {
            Await.until("caught up", LIMIT, () -> seen.caughtUp);
            assertThat(seen.texts(stream)).containsExactly("first");
            producer.commitTransaction();
            Await.until("open", LIMIT, () -> seen.texts(stream).contains("open"));
            assertThat(follower.passed(Partitions.of(stream, Topics.PARTITIONS), 1)).isTrue();
        }
    }

    @Test
    void followingGoesOnAtAGivenPositionBehindMarkers() {
        transaction("one", true);
        Map<Integer, Long> positions;
        try (var follower = KafkaFollower.follow(settings, Topics.EVENTS, Map.of(), seen, seen)) {
            Await.until("caught up", LIMIT, () -> seen.caughtUp);
            positions = follower.positions();
        }
        transaction("two", true);
        Collector later = new Collector();
        try (var follower = KafkaFollower.follow(settings, Topics.EVENTS, positions, later, later)) {
            Await.until("two", LIMIT, () -> later.caughtUp);
            assertThat(later.records).extracting(r -> new String(r.value())).containsExactly("two");
            assertThat(follower.positions()).isNotEqualTo(positions);
        }
    }

    @Test
    void aListenerThatThrowsStopsTheFollowerLoudly() {
        transaction("one", true);
        RecordListener broken = new RecordListener() {
            @Override
            public void onRecords(List<LogRecord> records) {
                throw new IllegalStateException("cannot fold");
            }

            @Override
            public void onCaughtUp() {}
        };
        try (var follower = KafkaFollower.follow(settings, Topics.EVENTS, Map.of(), broken, seen)) {
            Await.until("stopped", LIMIT, () -> !seen.stops.isEmpty());
            assertThat(seen.stops).singleElement().asString().contains("cannot fold");
            assertThat(follower.passed(Partitions.of(stream, Topics.PARTITIONS), 1)).isFalse();
        }
    }

    @Test
    void theReaderFindsNothingInAnUnknownStreamAndRefusesAnUnknownTopic() {
        assertThat(new KafkaStreamReader(settings, 10).read(Topics.EVENTS, "sandbox/w/none", LIMIT)).isEmpty();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> new KafkaStreamReader(settings, 10).read("openshell.none", stream, Duration.ofSeconds(1))))
                .isInstanceOf(io.openshell.log.LogUnavailable.class);
    }

    private void transaction(String text, boolean commit) {
        producer.beginTransaction();
        send(text);
        producer.flush();
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    private void send(String text) {
        producer.send(new ProducerRecord<>(Topics.EVENTS, Partitions.of(stream, Topics.PARTITIONS), stream, text.getBytes()));
    }
}
