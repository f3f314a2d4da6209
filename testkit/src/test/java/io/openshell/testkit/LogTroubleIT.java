package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.log.kafka.Topics;
import io.openshell.wire.control.v1.HistoryEntry;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.StopSandboxRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What stands in the log of a running gateway and should not, and callers that go away. */
class LogTroubleIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static GatewayFixture gateway;
    private static Sandboxes sandboxes;

    @BeforeAll
    static void start() {
        Host.assumeSandboxes();
        gateway = GatewayFixture.started();
        sandboxes = new Sandboxes(gateway.client());
    }

    @AfterAll
    static void end() {
        if (gateway != null) {
            gateway.close();
        }
    }

    @Test
    void garbageInAStreamStopsThatStreamUntilItIsSkippedAndThatIsRecorded() throws Exception {
        sandboxes.ready("hurt", "sleep", "600");
        sandboxes.ready("well", "sleep", "600");
        int events = sandboxes.history("hurt").size();
        write("sandbox/default/hurt", new byte[] {7, 7, 7});
        Await.until("status tells of it", LIMIT, () -> gateway.cli("status").out().contains("Poisoned"), () -> gateway.cli("status").out());

        assertThat(gateway.cli("status").out()).contains("sandbox/default/hurt").doesNotContain("sandbox/default/well");
        assertThat(gateway.cli("ops", "poison", "list").out()).contains("sandbox/default/hurt at version " + (events + 1));
        assertThat(gateway.cli("sandbox", "get", "hurt").out()).contains("Not up to date");
        Assertions.assertThatThrownBy(() -> gateway.client().call(Rpc.STOP, StopSandboxRequest.newBuilder().setName("hurt").build()))
                .isInstanceOfSatisfying(RpcException.class, refused -> assertThat(refused.code()).isEqualTo(RpcCode.FAILED_PRECONDITION));
        sandboxes.stop("well");

        Outcome elsewhere = gateway.cli("ops", "poison", "skip", "sandbox/default/hurt", "" + (events + 7));
        assertThat(elsewhere.exitCode()).as("not where it stopped").isEqualTo(1);
        Outcome skipped = gateway.cli("ops", "poison", "skip", "sandbox/default/hurt", "" + (events + 1));
        assertThat(skipped.exitCode()).as(skipped.err()).isZero();

        assertThat(gateway.cli("ops", "poison", "list").out()).contains("No stream is poisoned");
        assertThat(gateway.cli("sandbox", "get", "hurt").out()).doesNotContain("Not up to date");
        sandboxes.stop("hurt");
        HistoryEntry record = sandboxes.history("hurt").stream().filter(each -> each.getType().equals("EventSkipped")).findFirst().orElseThrow();
        assertThat(record.getVersion()).isEqualTo(events + 1);
        assertThat(record.getActor().getKind()).isEqualTo("user");
        assertThat(record.getActor().getSubject()).isNotEmpty();
        assertThat(record.getActor().getAuthenticatedBy()).isEqualTo("unix-socket");
    }

    @Test
    void aCallerThatGoesAwayDoesNotTakeItsCommandBack() throws IOException {
        byte[] request = CreateSandboxRequest.newBuilder().setName("left")
                .setSpec(SandboxSpec.newBuilder().addCommand("sleep").addCommand("600")).build().toByteArray();
        try (SocketChannel caller = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            caller.connect(UnixDomainSocketAddress.of(gateway.socket()));
            caller.write(ByteBuffer.wrap(asked("CreateSandbox", "left-1", request)));
        }
        Await.until("the command has its effect", LIMIT, () -> sandboxes.exists("left"), gateway::output);

        // Whoever wants to know how it ended asks again under the same id, and nothing happens twice.
        Outcome again = gateway.cli("sandbox", "list", "--names");
        assertThat(again.out()).contains("left");
        assertThat(sandboxes.history("left").stream().filter(each -> each.getType().equals("SandboxRequested"))).hasSize(1);
    }

    @Test
    void theHostItRunsOnIsShownNowAndThen() {
        Outcome now = gateway.cli("node", "list");
        assertThat(now.exitCode()).as(now.err()).isZero();
        assertThat(now.out()).contains("Ready").doesNotContain("Lost");
        String id = now.out().lines().skip(1).findFirst().orElseThrow().split(" ")[0];
        assertThat(gateway.cli("node", "get", id).out()).contains("Lease:", "20 s", "Layer:");
        assertThat(gateway.cli("node", "get", id, "--as-of", "node/" + id + "@1").out()).contains("Ready");
        assertThat(gateway.cli("node", "get", "nobody").err()).contains("no node is named 'nobody'");
    }

    @Test
    void theTopicsAreAsTheyShouldBe() {
        Outcome topics = gateway.cli("ops", "topics");
        assertThat(topics.exitCode()).as(topics.out() + topics.err()).isZero();
        assertThat(topics.out()).contains("openshell.events", "retention.ms", "openshell.node.");
    }

    private static byte[] asked(String method, String commandId, byte[] message) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(("POST /openshell.v1.OpenShell/" + method + " HTTP/1.1\r\nhost: localhost\r\n"
                + "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\nopenshell-command-id: " + commandId + "\r\n"
                + "content-length: " + (message.length + 5) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        DataOutputStream frame = new DataOutputStream(all);
        frame.writeByte(0);
        frame.writeInt(message.length);
        frame.write(message);
        return all.toByteArray();
    }

    /** Past every decider, as somebody would who can write to the log's own broker and knows how an owner marks what counts. */
    private static void write(String stream, byte[] value) throws Exception {
        List<String> ports = Files.readAllLines(gateway.state().resolve("log/broker.ports"));
        String client = ports.stream().filter(line -> line.startsWith("client=")).findFirst().orElseThrow().substring("client=".length());
        String secret = Files.readString(gateway.state().resolve("log/broker.secret")).strip();
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers", "127.0.0.1:" + client, "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"openshell\" password=\""
                        + secret + "\";"));
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            var start = new ProducerRecord<String, byte[]>(Topics.EVENTS, Topics.partitionOf(stream), null, new byte[0]);
            start.headers().add("term-start", new byte[0]);
            long term = producer.send(start).get(10, TimeUnit.SECONDS).offset();
            var record = new ProducerRecord<>(Topics.EVENTS, Topics.partitionOf(stream), stream, value);
            record.headers().add("term", ByteBuffer.allocate(28).putLong(term).array());
            producer.send(record).get(10, TimeUnit.SECONDS);
        }
    }
}
