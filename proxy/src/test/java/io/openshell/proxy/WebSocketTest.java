package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.RequestMatch;
import io.openshell.proxy.websocket.Handshake;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebSocketTest {
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZg==";
    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;

    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer();
        stage = new Stage(Policies.allowing(websocket("read.test", "read-only", "enforce"),
                websocket("write.test", "read-write", "enforce"), websocket("audit.test", "read-only", "audit"),
                graphql("graphql.test", "enforce"), graphql("graphql-audit.test", "audit")));
        stage.server = server.address();
    }

    private static NetworkEndpoint websocket(String host, String access, String enforcement) {
        return NetworkEndpoint.builder(host, 80).protocol("websocket").access(access).enforcement(enforcement).build();
    }

    private static NetworkEndpoint graphql(String host, String enforcement) {
        return NetworkEndpoint.builder(host, 80).protocol("websocket").enforcement(enforcement).rules(List.of(
                AllowRule.of(RequestMatch.http("GET", "/ws")), AllowRule.of(operation("subscription", "ticks", "tocks"))))
                .denyRules(List.of(operation("subscription", "secrets"))).build();
    }

    private static RequestMatch operation(String type, String... fields) {
        RequestMatch any = RequestMatch.http("", "");
        return new RequestMatch("", "", "", any.query(), type, "", List.of(fields), any.params());
    }

    private static byte[] subscribe(String document) throws IOException {
        return text("{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"" + document + "\"}}");
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
        server.close();
    }

    private record Open(Client client, Client upstream) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
            upstream.close();
        }
    }

    private Client asking(String host, String more) throws IOException {
        var client = stage.client();
        client.send("CONNECT " + host + ":80 HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        client.send("GET /ws HTTP/1.1\r\nHost: " + host + "\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n"
                + "Sec-WebSocket-Extensions: permessage-deflate\r\n" + more + "\r\n");
        return client;
    }

    private static String agreement(String more) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + Handshake.proof(KEY) + "\r\n" + more + "\r\n";
    }

    private Open open(String host) throws Exception {
        var client = asking(host, "");
        var upstream = server.next();
        assertThat(upstream.head()).contains("Upgrade: websocket", "Connection: Upgrade").doesNotContain("Extensions");
        upstream.send(agreement(""));
        assertThat(client.head()).startsWith("HTTP/1.1 101 ");
        return new Open(client, upstream);
    }

    private static byte[] frame(int first, byte[] payload) throws IOException {
        var out = new ByteArrayOutputStream();
        var data = new DataOutputStream(out);
        data.writeByte(first);
        if (payload.length < 126) {
            data.writeByte(0x80 | payload.length);
        } else if (payload.length < 1 << 16) {
            data.writeByte(0x80 | 126);
            data.writeShort(payload.length);
        } else {
            data.writeByte(0x80 | 127);
            data.writeLong(payload.length);
        }
        byte[] mask = {1, 2, 3, 4};
        data.write(mask);
        for (int i = 0; i < payload.length; i++) {
            data.writeByte(payload[i] ^ mask[i % 4]);
        }
        return out.toByteArray();
    }

    private static byte[] text(String text) throws IOException {
        return frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(Client client, byte[]... frames) throws IOException {
        for (byte[] frame : frames) {
            client.socket().getOutputStream().write(frame);
        }
    }

    private static int closeCode(Client client) throws IOException {
        byte[] frame = client.socket().getInputStream().readNBytes(4);
        assertThat(frame).hasSize(4).startsWith(0x88, 2);
        return (frame[2] & 0xff) << 8 | frame[3] & 0xff;
    }

    private static void receives(Client upstream, byte[] frame) throws IOException {
        assertThat(upstream.socket().getInputStream().readNBytes(frame.length)).isEqualTo(frame);
    }

    @Test
    void case131TextsPassWhereTheyAreAllowedAndEachIsRecorded() throws Exception {
        try (var open = open("write.test")) {
            send(open.client(), text("one"), frame(0x89, new byte[] {7}), text("x".repeat(70_000)));
            receives(open.upstream(), text("one"));
            receives(open.upstream(), frame(0x89, new byte[] {7}));
            receives(open.upstream(), text("x".repeat(70_000)));
            open.upstream().send("anything the server likes");
            assertThat(open.client().read(25)).isEqualTo("anything the server likes");
        }
        assertThat(stage.verdicts.all()).extracting(VerdictLine::format).filteredOn(line -> line.contains("WEBSOCKET_TEXT"))
                .hasSize(2).first().isEqualTo("HTTP:WEBSOCKET_TEXT [INFO] ALLOWED /usr/bin/curl(12) -> "
                        + "WEBSOCKET_TEXT http://write.test:80/ws [policy:site engine:l7-websocket]");
    }

    @Test
    void case130ATextThatIsNotAllowedEndsBothSidesWith1008() throws Exception {
        try (var open = open("read.test")) {
            send(open.client(), frame(BINARY, new byte[] {1}), text("secret"));
            receives(open.upstream(), frame(BINARY, new byte[] {1}));
            assertThat(closeCode(open.client())).isEqualTo(1008);
            assertThat(open.upstream().socket().getInputStream().readAllBytes()).hasSize(8).startsWith(0x88, 0x82);
        }
    }

    @Test
    void auditPassesATextAndRecordsIt() throws Exception {
        try (var open = open("audit.test")) {
            send(open.client(), text("hello"));
            receives(open.upstream(), text("hello"));
        }
        assertThat(stage.verdicts.all().getLast().reason()).startsWith("audit: ");
    }

    @Test
    void fragmentsPassAndControlFramesBetweenThem() throws Exception {
        try (var open = open("write.test")) {
            byte[] snow = "\u2603".getBytes(StandardCharsets.UTF_8);
            byte[] head = frame(0x01, new byte[] {snow[0]});
            byte[] ping = frame(0x89, new byte[0]);
            byte[] tail = frame(0x80, new byte[] {snow[1], snow[2]});
            send(open.client(), head, ping, tail);
            receives(open.upstream(), head);
            receives(open.upstream(), ping);
            receives(open.upstream(), tail);
        }
    }

    @Test
    void framesThatArriveByteByByteAreUnderstood() throws Exception {
        try (var open = open("write.test")) {
            open.client().socket().setTcpNoDelay(true);
            for (byte b : text("slow")) {
                open.client().socket().getOutputStream().write(b);
            }
            receives(open.upstream(), text("slow"));
        }
    }

    @Test
    void textsThatAreNotUtf8AreRefused() throws Exception {
        for (byte[] bad : new byte[][] {{(byte) 0xc0, (byte) 0x80}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, {(byte) 0xe2, (byte) 0x98}}) {
            try (var open = open("write.test")) {
                send(open.client(), text("good"));
                receives(open.upstream(), text("good"));
                send(open.client(), frame(TEXT, bad));
                assertThat(closeCode(open.client())).isEqualTo(1007);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0xc1, 0x83, 0x80, 0x8b, 0x09})
    void framesThatBreakTheProtocolAreRefused(int first) throws Exception {
        try (var open = open("write.test")) {
            send(open.client(), text("good"));
            receives(open.upstream(), text("good"));
            send(open.client(), frame(first, new byte[] {1}));
            assertThat(closeCode(open.client())).isEqualTo(1002);
        }
    }

    @Test
    void anUnmaskedFrameIsRefused() throws Exception {
        try (var open = open("write.test")) {
            send(open.client(), new byte[] {(byte) TEXT, 1, 'x', 0, 0, 0, 0, 0});
            assertThat(closeCode(open.client())).isEqualTo(1002);
        }
    }

    @Test
    void aTextBeyondTheLimitIsRefusedBeforeItIsRead() throws Exception {
        try (var open = open("write.test")) {
            var head = new ByteArrayOutputStream();
            var data = new DataOutputStream(head);
            data.writeByte(TEXT);
            data.writeByte(0x80 | 127);
            data.writeLong((4 << 20) + 1);
            data.writeInt(0);
            send(open.client(), head.toByteArray());
            assertThat(closeCode(open.client())).isEqualTo(1009);
        }
    }

    @Test
    void case176AReloadEndsAnOpenWebSocketWith1012() throws Exception {
        try (var open = open("write.test")) {
            send(open.client(), text("good"));
            receives(open.upstream(), text("good"));
            var swap = Thread.ofVirtual().start(() -> stage.proxy.swap(Policies.nothing(), 2));
            assertThat(closeCode(open.client())).isEqualTo(1012);
            open.client().close();
            swap.join();
            assertThat(stage.proxy.openTunnels()).isZero();
        }
    }

    @Test
    void case132APlainRequestIsRefused() throws Exception {
        open("read.test").close();
        try (var client = stage.client()) {
            client.send("CONNECT read.test:80 HTTP/1.1\r\nHost: x\r\n\r\n");
            client.head();
            client.send("GET /ws HTTP/1.1\r\nHost: read.test\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ").contains("WebSocket");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Extensions: permessage-deflate\r\n", "Sec-WebSocket-Protocol: other\r\n",
            "Sec-WebSocket-Accept: d3Jvbmc=\r\n"})
    void anAgreementToSomethingElseFailsTheUpgrade(String more) throws Exception {
        open("read.test").close();
        try (var client = asking("read.test", "Sec-WebSocket-Protocol: chat, more\r\n"); var upstream = server.next()) {
            upstream.head();
            upstream.send(agreement(more));
            assertThat(client.rest()).startsWith("HTTP/1.1 502 ");
        }
    }

    @Test
    void anOfferedSubprotocolMayBeChosen() throws Exception {
        try (var client = asking("read.test", "Sec-WebSocket-Protocol: chat, more\r\n"); var upstream = server.next()) {
            upstream.head();
            upstream.send(agreement("Sec-WebSocket-Protocol: more\r\n"));
            assertThat(client.head()).contains("Sec-WebSocket-Protocol: more");
        }
    }

    @Test
    void graphqlInAWebSocketIsDecidedOperationByOperation() throws Exception {
        try (var open = open("graphql.test")) {
            byte[] init = text("{\"type\":\"connection_init\"}");
            byte[] allowed = subscribe("subscription { ticks }");
            send(open.client(), init, allowed, frame(BINARY, new byte[] {1}));
            receives(open.upstream(), init);
            receives(open.upstream(), allowed);
            receives(open.upstream(), frame(BINARY, new byte[] {1}));

            send(open.client(), subscribe("subscription { ticks secrets }"));
            assertThat(closeCode(open.client())).isEqualTo(1008);
            assertThat(open.upstream().socket().getInputStream().read()).as("a close, and nothing of the message").isEqualTo(0x88);
        }
        assertThat(stage.verdicts.all()).anyMatch(verdict -> !verdict.allowed()
                && verdict.reason().contains("GraphQL operation subscription blocked by deny rule"));
    }

    @Test
    void aGraphqlMessageInPartsGoesOnWholeOnceItIsDecidedWithWhatCameBetween() throws Exception {
        try (var open = open("graphql.test")) {
            byte[] whole = "{\"id\":\"1\",\"type\":\"start\",\"payload\":{\"query\":\"subscription{tocks}\"}}".getBytes(StandardCharsets.UTF_8);
            byte[] first = frame(0x01, Arrays.copyOf(whole, 20));
            byte[] ping = frame(0x89, new byte[] {7});
            byte[] second = frame(0x80, Arrays.copyOfRange(whole, 20, whole.length));
            send(open.client(), first, ping, second);
            receives(open.upstream(), first);
            receives(open.upstream(), ping);
            receives(open.upstream(), second);
        }
    }

    @Test
    void whatCannotBeReadInOneWayIsRefusedInAuditTooAndAnOperationThereIsOnlyRecorded() throws Exception {
        try (var open = open("graphql-audit.test")) {
            byte[] passing = subscribe("mutation { deleteAll }");
            send(open.client(), passing);
            receives(open.upstream(), passing);
        }
        for (String bad : List.of("no json", "{\"type\":\"unheard_of\"}", "{\"type\":\"subscribe\",\"payload\":{\"query\":\"{a}\"}}",
                "{\"id\":\"1\",\"type\":\"subscribe\"}", "{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"{\"}}")) {
            try (var open = open("graphql-audit.test")) {
                send(open.client(), text(bad));
                assertThat(closeCode(open.client())).as(bad).isEqualTo(1008);
            }
        }
        try (var open = open("graphql-audit.test")) {
            send(open.client(), text("x".repeat(65_537)));
            assertThat(closeCode(open.client())).as("longer than what is read").isEqualTo(1009);
        }
    }
}
