package io.openshell.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.LogUnavailable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers see while the broker is away, and that everything goes on when it is back. */
class BrokerAwayTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String STREAM = "sandbox/w/away";

    @TempDir
    Path directory;

    private EmbeddedBroker broker;
    private final Collector events = new Collector();

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(directory);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void anAppendFailsTypedWithinItsDeadlineAndWorksAgainAfterwards() throws Exception {
        new Topics(broker.settings(), LIMIT).ensure();
        try (KafkaCommandLog log = KafkaCommandLog.open(broker.settings(), 2, Duration.ofSeconds(2))) {
            assertThat(get(log.append(STREAM, bytes("there")).toCompletableFuture())).isNull();
            broker.close();
            long begin = System.nanoTime();
            var first = log.append(STREAM, bytes("1")).toCompletableFuture();
            var second = log.append(STREAM, bytes("2")).toCompletableFuture();
            var third = log.append(STREAM, bytes("3")).toCompletableFuture();
            assertThat(third).isCompletedExceptionally();
            assertThat(get(third)).isEqualTo(LogUnavailable.Cause.FULL);
            assertThat(System.nanoTime() - begin).as("none of them blocked").isLessThan(TimeUnit.SECONDS.toNanos(1));
            assertThat(get(first)).isEqualTo(LogUnavailable.Cause.DEADLINE);
            assertThat(get(second)).isEqualTo(LogUnavailable.Cause.DEADLINE);
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(5));
            broker = EmbeddedBroker.start(directory);
            Await.until("taken again", LIMIT, () -> get(log.append(STREAM, bytes("4")).toCompletableFuture()) == null);
        }
    }

    @Test
    void openingWithoutABrokerFailsTyped() {
        KafkaSettings settings = broker.settings();
        broker.close();
        assertThat(get(CompletableFuture.runAsync(() -> KafkaCommandLog.open(settings, 1, Duration.ofSeconds(1)).close())))
                .isEqualTo(LogUnavailable.Cause.DEADLINE);
    }

    @Test
    void decidingAndFollowingGoOnAfterARestartOfTheBroker() throws Exception {
        new Topics(broker.settings(), LIMIT).ensure();
        try (KafkaFollower fold = KafkaFollower.follow(broker.settings(), Topics.EVENTS, Map.of(), events, events);
                KafkaCommandLog log = KafkaCommandLog.open(broker.settings());
                KafkaDeciderLoop loop = KafkaDeciderLoop.start(
                        broker.settings(), "a", new KafkaDeciderLoop.Ports(new EchoPort(fold), events, s -> {}))) {
            log.append(STREAM, bytes("1"));
            Await.until("before", LIMIT, () -> events.texts(STREAM).equals(List.of("1")));
            broker.close();
            var waiting = log.append(STREAM, bytes("2")).toCompletableFuture();
            broker = EmbeddedBroker.start(directory);
            get(waiting);
            Await.until("after", LIMIT, () -> get(log.append(STREAM, bytes("3")).toCompletableFuture()) == null);
            Await.until("decided", LIMIT, () -> events.texts(STREAM).contains("3"));
            assertThat(loop.status().stopped()).isEmpty();
            assertThat(events.stops).isEmpty();
            assertThat(events.texts(STREAM)).doesNotHaveDuplicates().startsWith("1").endsWith("3");
        }
    }

    @Test
    void activityNeverBlocksAndWhatIsLostIsCounted() {
        new Topics(broker.settings(), LIMIT).ensure();
        Collector activity = new Collector();
        try (KafkaActivityLog log = new KafkaActivityLog(broker.settings(), 10, activity);
                KafkaFollower follower = KafkaFollower.follow(broker.settings(), Topics.ACTIVITY, Map.of(), activity, activity)) {
            Await.until("caught up", LIMIT, () -> activity.caughtUp);
            log.append("box", bytes("seen"));
            Await.until("the record", LIMIT, () -> activity.texts("box").equals(List.of("seen")));
            assertThat(log.dropped()).isZero();
            follower.close();
            broker.close();
            for (int i = 0; i < 100_000; i++) {
                log.append("box", new byte[2_000]);
            }
            assertThat(log.dropped()).isPositive();
        }
    }

    @Test
    void aTopicOfAnotherShapeIsReportedAndLeftAlone() throws Exception {
        try (Admin admin = Admin.create(ClientProperties.admin(broker.settings()))) {
            admin.createTopics(List.of(new NewTopic(Topics.EVENTS, 3, (short) 1))).all().get(10, TimeUnit.SECONDS);
        }
        Topics topics = new Topics(broker.settings(), LIMIT);
        assertThat(topics.ensure())
                .extracting(TopicMismatch::sentence)
                .containsExactly(
                        "topic openshell.events has partitions 3, expected 8",
                        "topic openshell.events has message.timestamp.type CreateTime, expected LogAppendTime");
        assertThat(topics.ensure()).hasSize(2);
        assertThat(topics.ensureNodeFeed("n-1")).isEmpty();
        assertThat(topics.ensureNodeFeed("n-1")).isEmpty();
    }

    /** Null when it went well. */
    private static LogUnavailable.Cause get(CompletableFuture<?> future) {
        List<LogUnavailable.Cause> failure = new ArrayList<>();
        try {
            future.orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            failure.add(((LogUnavailable) e.getCause()).kind());
        }
        return failure.isEmpty() ? null : failure.getFirst();
    }

    private static byte[] bytes(String text) {
        return text.getBytes();
    }
}
