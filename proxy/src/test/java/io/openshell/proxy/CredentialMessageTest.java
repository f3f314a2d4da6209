package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.CredentialBinding;
import io.openshell.model.policy.HttpFlags;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.RequestMatch;
import io.openshell.proxy.credential.Credential;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.credential.SecretText;
import io.openshell.proxy.websocket.ClientText;
import io.openshell.proxy.websocket.Handshake;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Placeholders in the messages of WebSockets. */
@Timeout(60)
class CredentialMessageTest {
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZg==";
    private static final String HOLDER = "openshell:resolve:env:API_KEY";

    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer();
        stage = new Stage(Policies.allowing(
                bound("filled.test", "websocket", new HttpFlags(false, true, false, false)),
                bound("watched.test", "websocket", HttpFlags.NONE),
                bound("rest.test", "rest", HttpFlags.NONE),
                bound("opted.test", "websocket", new HttpFlags(false, false, false, true)),
                graphql("graphql-filled.test", new HttpFlags(false, true, false, false)),
                graphql("graphql-watched.test", HttpFlags.NONE)));
        stage.server = server.address();
        stage.credentials = CredentialSet.of(List.of(new Credential("API_KEY", "model", 1, "ab".repeat(32), List.of(),
                Optional.empty(), Optional.of(new SecretText("planted\"7f3a")))));
    }

    private static NetworkEndpoint bound(String host, String protocol, HttpFlags flags) {
        return NetworkEndpoint.builder(host, 80).protocol(protocol).access("full").enforcement("enforce").flags(flags)
                .credentialBinding(new CredentialBinding("model")).build();
    }

    /** Only the subscription to {@code ticks} is allowed. */
    private static NetworkEndpoint graphql(String host, HttpFlags flags) {
        RequestMatch any = RequestMatch.http("", "");
        return NetworkEndpoint.builder(host, 80).protocol("websocket").enforcement("enforce").flags(flags)
                .credentialBinding(new CredentialBinding("model"))
                .rules(List.of(AllowRule.of(RequestMatch.http("GET", "/ws")), AllowRule.of(new RequestMatch(
                        "", "", "", any.query(), "subscription", "", List.of("ticks"), any.params())))).build();
    }

    private static String subscribe(String field) {
        return "{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"subscription { " + field
                + " }\",\"variables\":{\"key\":\"" + HOLDER + "\"}}}";
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
        server.close();
    }

    private record Open(Client client, Client upstream) implements AutoCloseable {
        void send(String text) throws IOException {
            send(ByteBufUtil.getBytes(ClientText.frame(text.getBytes(StandardCharsets.UTF_8))));
        }

        void send(byte[] frame) throws IOException {
            client.socket().getOutputStream().write(frame);
        }

        /** The next message of the client as the upstream gets it. */
        String received() throws IOException {
            var in = new DataInputStream(upstream.socket().getInputStream());
            in.readByte();
            int length = in.readByte() & 0x7f;
            length = length == 126 ? in.readUnsignedShort() : length;
            byte[] mask = in.readNBytes(4);
            byte[] payload = in.readNBytes(length);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i & 3];
            }
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode() throws IOException {
            byte[] frame = client.socket().getInputStream().readNBytes(4);
            assertThat(frame).hasSize(4).startsWith(0x88, 2);
            return (frame[2] & 0xff) << 8 | frame[3] & 0xff;
        }

        @Override
        public void close() throws IOException {
            client.close();
            upstream.close();
        }
    }

    private Open open(String host) throws Exception {
        var client = stage.client();
        client.send("CONNECT " + host + ":80 HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        client.send("GET /ws HTTP/1.1\r\nHost: " + host + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\nAuthorization: Bearer " + HOLDER + "\r\n\r\n");
        var upstream = server.next();
        assertThat(upstream.head()).contains("Authorization: Bearer planted\"7f3a\r\n");
        upstream.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + Handshake.proof(KEY) + "\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 101 ");
        return new Open(client, upstream);
    }

    @Test
    void withOptInATextIsFilledInAlsoWhenItComesInParts() throws Exception {
        try (var open = open("filled.test")) {
            open.send("plain");
            assertThat(open.received()).isEqualTo("plain");
            open.send("{\"key\":\"" + HOLDER + "\"}");
            assertThat(open.received()).isEqualTo("{\"key\":\"planted\\\"7f3a\"}");
            byte[] whole = ByteBufUtil.getBytes(ClientText.frame((HOLDER + "x".repeat(200)).replace("Yx", "Y x").getBytes()));
            for (byte each : whole) {
                open.send(new byte[] {each});
            }
            assertThat(open.received()).startsWith("planted\"7f3a xxx").hasSize("planted\"7f3a ".length() + 200);
        }
        assertThat(stage.verdicts.all().toString()).doesNotContain("planted", "API_KEY");
    }

    @Test
    void withoutOptInAMarkEndsBothSidesWith1008() throws Exception {
        for (var host : List.of("watched.test", "rest.test")) {
            try (var open = open(host)) {
                open.send("plain");
                assertThat(open.received()).isEqualTo("plain");
                open.send("key " + HOLDER);
                assertThat(open.closeCode()).isEqualTo(1008);
                assertThat(open.upstream().socket().getInputStream().readAllBytes()).hasSize(8).startsWith(0x88, 0x82);
            }
        }
    }

    @Test
    void aGraphqlMessageIsDecidedBeforeItIsFilledInAndOneThatIsRefusedTakesNoSecretAlong() throws Exception {
        try (var open = open("graphql-filled.test")) {
            open.send(subscribe("ticks"));
            assertThat(open.received()).isEqualTo(subscribe("ticks").replace(HOLDER, "planted\\\"7f3a"));
            open.send(subscribe("secrets"));
            assertThat(open.closeCode()).isEqualTo(1008);
            assertThat(open.upstream().socket().getInputStream().readAllBytes()).as("a close, and nothing of the message").hasSize(8);
        }
        try (var open = open("graphql-watched.test")) {
            open.send(subscribe("ticks").replace(HOLDER, "plain"));
            assertThat(open.received()).contains("ticks", "plain");
            open.send(subscribe("ticks"));
            assertThat(open.closeCode()).isEqualTo(1008);
            assertThat(open.upstream().socket().getInputStream().readAllBytes()).hasSize(8).startsWith(0x88, 0x82);
        }
        assertThat(stage.verdicts.all().toString()).doesNotContain("planted");
    }

    @Test
    void anUnknownNameEndsItToo() throws Exception {
        try (var open = open("filled.test")) {
            open.send("openshell:resolve:env:NOBODY");
            assertThat(open.closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void binaryMessagesPassOnlyWhereThePolicyAcceptsThatNobodyReadsThem() throws Exception {
        byte[] binary = {(byte) 0x82, (byte) 0x81, 0, 0, 0, 0, 7};
        try (var open = open("opted.test")) {
            open.send(binary);
            assertThat(open.upstream().socket().getInputStream().readNBytes(binary.length)).isEqualTo(binary);
        }
        try (var open = open("watched.test")) {
            open.send(binary);
            assertThat(open.closeCode()).isEqualTo(1008);
        }
    }
}
