package io.openshell.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.Entry;
import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowingTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final KafkaSettings settings = BrokerFixture.shared();
    private final String stream = "sandbox/w/" + UUID.randomUUID();
    private final int partition = Partitions.of(stream, Topics.PARTITIONS);
    private final Collector seen = new Collector();
    private KafkaProducer<String, byte[]> producer;
    private EventWriter owner;

    @BeforeEach
    void own() {
        producer = new KafkaProducer<>(ClientProperties.events(settings));
        owner = owner();
    }

    @AfterEach
    void close() {
        producer.close();
    }

    private EventWriter owner() {
        EventWriter writer = new EventWriter(producer, "following");
        writer.begin(Set.of(partition));
        return writer;
    }

    @Test
    void whatALostOwnerWritesIsTakenByTheLogAndCountsNowhere() {
        write(owner, "before");
        EventWriter next = owner();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> write(owner, "late")).isInstanceOf(LostTerm.class);
        try (var follower = KafkaFollower.follow(settings, Topics.EVENTS, Map.of(), seen, seen)) {
            Await.until("caught up", LIMIT, () -> seen.caughtUp);
            assertThat(seen.texts(stream)).containsExactly("before");
            assertThat(follower.positions()).hasSize(Topics.PARTITIONS);
            assertThat(seen.troubles).anyMatch(trouble -> trouble.contains("do not count"));
        }
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> write(next, "pushed aside"))
                .as("a late record in between leaves nobody sure").isInstanceOf(LostTerm.class);
        write(owner(), "after");
        assertThat(new KafkaStreamReader(settings, 10).read(Topics.EVENTS, stream, LIMIT))
                .extracting(r -> new String(r.value())).containsExactly("before", "pushed aside", "after");
        List<String> scanned = new ArrayList<>();
        new KafkaTopicScan(settings).readStream(Topics.EVENTS, stream, Map.of(), r -> {
            scanned.add(new String(r.value()));
            return true;
        }, LIMIT);
        assertThat(scanned).contains("before", "after").doesNotContain("late");
    }

    @Test
    void theEventsOfACommandAreHandedOverTogether() {
        List<Integer> sizes = new ArrayList<>();
        RecordListener listener = new RecordListener() {
            @Override
            public void onRecords(List<LogRecord> records) {
                seen.onRecords(records);
                long mine = records.stream().filter(r -> r.key().equals(stream)).count();
                if (mine > 0) {
                    sizes.add((int) mine);
                }
            }

            @Override
            public void onCaughtUp() {
                seen.onCaughtUp();
            }
        };
        try (var follower = KafkaFollower.follow(settings, Topics.EVENTS, Map.of(), listener, seen)) {
            Await.until("caught up", LIMIT, () -> seen.caughtUp);
            owner.write(List.of(event("1 of 3", 2)));
            owner.write(List.of(event("2 of 3", 1)));
            long behind = owner.reached(partition);
            Await.until("read", LIMIT, () -> follower.passed(partition, behind));
            assertThat(seen.texts(stream)).isEmpty();
            assertThat(follower.positions().get(partition)).isLessThan(behind);
            owner.write(List.of(event("3 of 3", 0)));
            Await.until("all", LIMIT, () -> seen.texts(stream).size() == 3);
            assertThat(sizes).containsExactly(3);
        }
    }

    @Test
    void followingGoesOnAtAGivenPositionInTheMiddleOfATerm() {
        write(owner, "one");
        Map<Integer, Long> positions;
        try (var follower = KafkaFollower.follow(settings, Topics.EVENTS, Map.of(), seen, seen)) {
            Await.until("caught up", LIMIT, () -> seen.caughtUp);
            positions = follower.positions();
        }
        write(owner, "two");
        Collector later = new Collector();
        try (var follower = KafkaFollower.follow(settings, Topics.EVENTS, positions, later, later)) {
            Await.until("two", LIMIT, () -> later.caughtUp);
            assertThat(later.records).extracting(r -> new String(r.value())).containsExactly("two");
            assertThat(follower.positions()).isNotEqualTo(positions);
        }
    }

    @Test
    void anUnhurriedFollowerIsGivenEverythingToo() {
        var unhurried = KafkaFollower.Pace.UNHURRIED;
        try (var follower = KafkaFollower.follow(settings, Topics.EVENTS, unhurried, Map.of(), seen, seen)) {
            Await.until("caught up", LIMIT, () -> seen.caughtUp);
            write(owner, "one");
            Await.until("one", LIMIT, () -> seen.texts(stream).size() == 1);
            write(owner, "another");
            owner.write(Collections.nCopies(2_000, event("of many", 0)));
            Await.until("all", LIMIT, () -> seen.texts(stream).size() == 2_002);
            assertThat(seen.texts(stream).subList(0, 3)).containsExactly("one", "another", "of many");
            Await.until("read", LIMIT, () -> follower.passed(partition, owner.reached(partition)));
        }
        assertThat(seen.stops).isEmpty();
    }

    @Test
    void ofWhatAnOlderReleaseWroteInTransactionsTheCommittedCounts(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            new Topics(broker.settings(), LIMIT).ensure();
            Map<String, Object> older = ClientProperties.events(broker.settings());
            older.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "older");
            try (var transactions = new KafkaProducer<String, byte[]>(older)) {
                transactions.initTransactions();
                transaction(transactions, "committed", true);
                transaction(transactions, "aborted", false);
                transaction(transactions, "last", true);
            }
            try (var follower = KafkaFollower.follow(broker.settings(), Topics.EVENTS, Map.of(), seen, seen)) {
                Await.until("caught up", LIMIT, () -> seen.caughtUp);
                assertThat(seen.texts(stream)).containsExactly("committed", "last");
            }
            try (var now = new KafkaProducer<String, byte[]>(ClientProperties.events(broker.settings()))) {
                EventWriter upgraded = new EventWriter(now, "newer");
                upgraded.begin(Set.of(partition));
                write(upgraded, "new");
            }
            assertThat(new KafkaStreamReader(broker.settings(), 10).read(Topics.EVENTS, stream, LIMIT))
                    .extracting(r -> new String(r.value())).containsExactly("committed", "last", "new");
        }
    }

    @Test
    void aListenerThatThrowsStopsTheFollowerLoudly() {
        write(owner, "one");
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
            assertThat(follower.passed(partition, 1)).isFalse();
        }
    }

    @Test
    void theReaderFindsNothingInAnUnknownStreamAndRefusesAnUnknownTopic() {
        assertThat(new KafkaStreamReader(settings, 10).read(Topics.EVENTS, "sandbox/w/none", LIMIT)).isEmpty();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> new KafkaStreamReader(settings, 10).read("openshell.none", stream, Duration.ofSeconds(1))))
                .isInstanceOf(io.openshell.log.LogUnavailable.class);
    }

    private void write(EventWriter writer, String text) {
        writer.write(List.of(event(text, 0)));
    }

    private DecidedEvent event(String text, int remaining) {
        return new DecidedEvent(new Entry(stream, text.getBytes(), Optional.empty()), 0, remaining);
    }

    private void transaction(KafkaProducer<String, byte[]> transactions, String text, boolean commit) throws Exception {
        transactions.beginTransaction();
        transactions.send(new ProducerRecord<>(Topics.EVENTS, partition, stream, text.getBytes())).get(10, TimeUnit.SECONDS);
        if (commit) {
            transactions.commitTransaction();
        } else {
            transactions.abortTransaction();
        }
    }
}
