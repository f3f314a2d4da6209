package io.openshell.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.log.LogUnavailable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.acl.AclBinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documented access rules at a broker that asks its authorizer: enough for the product, and no more. */
class AccessRulesTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Path RULES = Path.of("../ops/kafka/acls.md");
    private static final String FED = "sandbox/fed/acl";

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(directory, 0, 0, login -> Map.of(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users", "User:openshell",
                "listener.name.client.plain.sasl.jaas.config", login.replaceAll(";$", " user_openshell-gateway=\"g\""
                        + " user_openshell-node-n1=\"n\" user_openshell-node-n2=\"n\" user_stranger=\"s\";")));
        try (Admin admin = Admin.create(ClientProperties.admin(broker.settings()))) {
            List<AclBinding> rules = AccessTable.read(RULES, "n1", "n2");
            assertThat(rules).hasSizeGreaterThan(20);
            admin.createAcls(rules).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        Topics gateway = new Topics(as("openshell-gateway", "g"), LIMIT);
        assertThat(gateway.ensure()).isEmpty();
        assertThat(gateway.ensureNodeFeed("n1")).isEmpty();
        assertThat(gateway.ensureNodeFeed("n2")).isEmpty();
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T kept(T part) {
        open.add(part);
        return part;
    }

    private static KafkaSettings as(String user, String password) {
        return new KafkaSettings(broker.settings().bootstrap(), (short) 1, Map.of(
                "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN", "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\"" + password + "\";"));
    }

    private static KafkaSettings node(String id) {
        return as("openshell-node-" + id, "n");
    }

    @Test
    void aGatewayAndANodeWorkWithTheirRules() throws Exception {
        KafkaSettings gateway = as("openshell-gateway", "g");
        Collector events = new Collector();
        KafkaFollower fold = kept(KafkaFollower.follow(gateway, Topics.EVENTS, Map.of(), events, events));
        kept(KafkaDeciderLoop.start(gateway, "acl", new KafkaDeciderLoop.Ports(new EchoPort(fold), events, status -> {})));
        LogPulse pulse = kept(LogPulse.start(gateway, fold, events));
        assertThat(new Topics(gateway, LIMIT).copies()).isEqualTo((short) 1);
        assertThat(EventsTopic.of(gateway).ends()).hasSize(Topics.PARTITIONS);

        // A node as its agent starts: looks at its feed's topic, follows it, reports, tells of activity.
        assertThat(new Topics(node("n1"), LIMIT).ensureNodeFeed("n1")).isEmpty();
        Collector feed = new Collector();
        kept(NodeFeed.follow(node("n1"), "n1", 0, feed, feed));
        KafkaCommandLog reports = kept(KafkaCommandLog.open(node("n1")));
        reports.append(FED, "said".getBytes(StandardCharsets.UTF_8)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        KafkaActivityLog lines = kept(new KafkaActivityLog(node("n1"), 10, feed));
        lines.append("s1", new byte[] {1});

        Await.until("the event of the node's report", LIMIT, () -> events.texts(FED).contains("said"));
        Await.until("its copy in the node's feed", LIMIT, () -> feed.texts(FED).contains("said"));
        Collector activity = new Collector();
        kept(KafkaFollower.follow(gateway, Topics.ACTIVITY, Map.of(), activity, activity));
        Await.until("the node's line", LIMIT, () -> !activity.records.isEmpty());
        Await.until("the log answers", LIMIT, pulse::answers);
        assertThat(pulse.takesRecords()).isTrue();
        assertThat(new KafkaStreamReader(gateway, 5).read(Topics.EVENTS, FED, LIMIT)).isNotEmpty();
        assertThat(events.troubles).isEmpty();
        assertThat(feed.troubles).isEmpty();
    }

    @Test
    void aNodeCannotWriteHistoryOrAnyFeed() throws Exception {
        write(node("n1"), Topics.COMMANDS);
        for (String topic : List.of(Topics.EVENTS, Topics.nodeFeed("n1"), Topics.nodeFeed("n2"))) {
            assertThatThrownBy(() -> write(node("n1"), topic)).as(topic)
                    .isInstanceOf(ExecutionException.class).hasCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    @Test
    void aNodeReadsItsOwnFeedAndNothingElse() {
        read(node("n1"), Topics.nodeFeed("n1"));
        for (String topic : List.of(Topics.nodeFeed("n2"), Topics.EVENTS, Topics.COMMANDS, Topics.ACTIVITY)) {
            assertThatThrownBy(() -> read(node("n1"), topic)).as(topic).isInstanceOf(AuthorizationException.class);
        }
    }

    @Test
    void aNodeCannotDecideOrMakeTopics() {
        Map<String, Object> member = new HashMap<>(ClientProperties.member(
                node("n1"), KafkaDeciderLoop.GROUP, "n1", ClientProperties.LONGER_SESSION_TIMEOUT_MS));
        try (var consumer = new KafkaConsumer<String, byte[]>(member)) {
            consumer.subscribe(List.of(Topics.nodeFeed("n1")));
            assertThatThrownBy(() -> consumer.poll(LIMIT)).isInstanceOf(AuthorizationException.class);
        }
        assertThatThrownBy(() -> new Topics(node("n1"), LIMIT).ensureNodeFeed("n3")).isInstanceOf(LogUnavailable.class);
    }

    @Test
    void aStrangerWhoCanLogInCanDoNothing() {
        KafkaSettings stranger = as("stranger", "s");
        for (String topic : List.of(Topics.COMMANDS, Topics.EVENTS, Topics.ACTIVITY)) {
            assertThatThrownBy(() -> write(stranger, topic)).as(topic)
                    .isInstanceOf(ExecutionException.class).hasCauseInstanceOf(TopicAuthorizationException.class);
            assertThatThrownBy(() -> read(stranger, topic)).as(topic).isInstanceOf(AuthorizationException.class);
        }
    }

    private static void write(KafkaSettings who, String topic) throws Exception {
        try (var producer = new KafkaProducer<String, byte[]>(ClientProperties.producer(who, 5_000, 5_000))) {
            producer.send(new ProducerRecord<>(topic, 0, "sandbox/acl/x", new byte[] {1})).get(10, TimeUnit.SECONDS);
        }
    }

    private static void read(KafkaSettings who, String topic) {
        try (var consumer = new KafkaConsumer<String, byte[]>(ClientProperties.consumer(who, "earliest"))) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            consumer.seekToBeginning(consumer.assignment());
            consumer.position(new TopicPartition(topic, 0), Duration.ofSeconds(5));
            consumer.poll(Duration.ofMillis(200));
        }
    }
}
