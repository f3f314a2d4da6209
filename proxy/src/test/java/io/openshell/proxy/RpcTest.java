package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.QueryMatcher;
import io.openshell.model.policy.RequestMatch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RpcTest {
    private static final String GOOD = tool("search_web");
    private static final String BAD = tool("delete_all");
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer();
        var tool = new RequestMatch("tools/call", "", "", new TreeMap<>(), "", "", List.of(),
                new TreeMap<>(Map.of(RequestMatch.TOOL_PARAM, QueryMatcher.of("search_*"))));
        stage = new Stage(Policies.allowing(NetworkEndpoint.builder("mcp.test", 8080).protocol("mcp").enforcement("enforce")
                .rules(List.of(AllowRule.of(tool))).build()));
        stage.server = server.address();
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
        server.close();
    }

    private static String tool(String name) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + name + "\"}}";
    }

    private static String post(String target, String body) {
        return "POST " + target + " HTTP/1.1\r\nHost: mcp.test:8080\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private Client tunnel() throws IOException {
        var client = stage.client();
        client.send("CONNECT mcp.test:8080 HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }

    private void proveAllowed(Client client, Client upstream) throws IOException {
        client.send(post("/mcp", GOOD));
        assertThat(upstream.head()).contains("POST /mcp HTTP/1.1\r\n", "Content-Length: " + GOOD.length());
        assertThat(upstream.read(GOOD.length())).isEqualTo(GOOD);
        upstream.send(ANSWER);
        assertThat(client.read(ANSWER.length())).isEqualTo(ANSWER);
    }

    @Test
    void case128CallsOfATunnelAreJudgedByTheirBodies() throws Exception {
        try (var client = tunnel(); var upstream = server.next()) {
            proveAllowed(client, upstream);
            proveAllowed(client, upstream);
            client.send(post("/mcp", BAD));
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ").contains("tools/call delete_all not permitted by policy");
            assertThat(upstream.rest()).isEmpty();
        }
        assertThat(VerdictLine.format(stage.verdicts.all().getLast())).isEqualTo(
                "HTTP:POST [MED] DENIED /usr/bin/curl(12) -> POST http://mcp.test:8080/mcp [policy:site engine:l7-mcp]"
                        + " [reason:POST /mcp tools/call delete_all not permitted by policy]");
    }

    @Test
    void aBodyInChunksIsJudgedAndSentOnInOnePiece() throws Exception {
        try (var client = tunnel(); var upstream = server.next()) {
            client.send("POST /mcp HTTP/1.1\r\nHost: mcp.test:8080\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            int half = GOOD.length() / 2;
            client.send(Integer.toHexString(half) + ";x=y\r\n" + GOOD.substring(0, half) + "\r\n"
                    + Integer.toHexString(GOOD.length() - half) + "\r\n" + GOOD.substring(half) + "\r\n0\r\nT: 1\r\n\r\n");
            assertThat(upstream.head()).contains("Content-Length: " + GOOD.length()).doesNotContain("chunked", "Expect");
            assertThat(upstream.read(GOOD.length())).isEqualTo(GOOD);
            upstream.send(ANSWER);
            assertThat(client.read(ANSWER.length())).isEqualTo(ANSWER);
            proveAllowed(client, upstream);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "", "[]"})
    void whatIsNoCallIsRefused(String body) throws Exception {
        try (var client = tunnel(); var upstream = server.next()) {
            proveAllowed(client, upstream);
            client.send(post("/mcp", body));
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ").contains("JSON-RPC request rejected");
            assertThat(upstream.rest()).isEmpty();
        }
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() throws Exception {
        try (var client = tunnel(); var upstream = server.next()) {
            proveAllowed(client, upstream);
            client.send(post("/mcp", " ".repeat(65_600)));
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ").contains("larger than 65536 bytes");
            assertThat(upstream.rest()).isEmpty();
        }
    }

    @Test
    void theStreamOfASessionIsOpenedAndTheSessionEnded() throws Exception {
        try (var client = tunnel(); var upstream = server.next()) {
            client.send("DELETE /mcp HTTP/1.1\r\nHost: mcp.test:8080\r\nMcp-Session-Id: 1\r\n\r\n");
            assertThat(upstream.head()).startsWith("DELETE /mcp ");
            upstream.send(ANSWER);
            client.read(ANSWER.length());
            client.send("GET /mcp HTTP/1.1\r\nHost: mcp.test:8080\r\nAccept: text/event-stream\r\n\r\n");
            assertThat(upstream.head()).startsWith("GET /mcp ");
            upstream.send(ANSWER);
            client.read(ANSWER.length());
            client.send("GET /mcp HTTP/1.1\r\nHost: mcp.test:8080\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void aForwardedCallIsJudgedBeforeAnythingIsSent() throws Exception {
        try (var client = stage.client()) {
            client.send(post("http://mcp.test:8080/mcp", GOOD));
            try (var upstream = server.next()) {
                assertThat(upstream.head()).startsWith("POST /mcp HTTP/1.1\r\n");
                assertThat(upstream.read(GOOD.length())).isEqualTo(GOOD);
                upstream.send(ANSWER);
                assertThat(client.rest()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("hi");
            }
        }
        assertThat(VerdictLine.format(stage.verdicts.only())).isEqualTo(
                "HTTP:POST [INFO] ALLOWED /usr/bin/curl(12) -> POST http://mcp.test:8080/mcp [policy:site engine:l7-mcp]");
        try (var client = stage.client()) {
            client.send(post("http://mcp.test:8080/mcp", BAD));
            try (var upstream = server.next()) {
                assertThat(client.rest()).startsWith("HTTP/1.1 403 ").contains("delete_all");
                assertThat(upstream.rest()).isEmpty();
            }
        }
    }
}
