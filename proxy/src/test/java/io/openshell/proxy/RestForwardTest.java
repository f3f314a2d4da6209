package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.policy.NetworkEndpoint;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RestForwardTest {
    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer();
        stage = new Stage(Policies.allowing(Policies.rest("site.test", 8080, "enforce"),
                Policies.rest("audit.test", 8080, "audit"),
                NetworkEndpoint.builder("ws.test", 8080).protocol("websocket").access("full").build()));
        stage.server = server.address();
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
        server.close();
    }

    private Client ask(String method, String host, String path, String fields) throws IOException {
        var client = stage.client();
        client.send(method + " http://" + host + ":8080" + path + " HTTP/1.1\r\nHost: " + host + ":8080\r\n" + fields + "\r\n");
        return client;
    }

    private void passes(String method, String host, String path) throws Exception {
        try (var client = ask(method, host, path, ""); var upstream = server.next()) {
            assertThat(upstream.head()).startsWith(method + " " + path + " HTTP/1.1\r\n");
            upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 200 ");
        }
    }

    private String refused(String method, String host, String path, String fields) throws Exception {
        int looked = stage.lookedUp.size();
        try (var client = ask(method, host, path, fields)) {
            var answer = client.rest();
            assertThat(server.nobodyCame()).isTrue();
            assertThat(stage.lookedUp).as("rules are asked before names").hasSize(looked);
            return answer;
        }
    }

    @Test
    void case136AForwardedRequestIsJudgedByTheRules() throws Exception {
        passes("GET", "site.test", "/zen");
        assertThat(refused("POST", "site.test", "/items", "Content-Length: 1\r\n")).startsWith("HTTP/1.1 403 ")
                .contains("X-OpenShell-Policy: site", "\"error\":\"policy_denied\"", "denied by L7 policy", "\"method\":\"POST\"");
        assertThat(stage.verdicts.all()).extracting(VerdictLine::format).containsExactly(
                "HTTP:GET [INFO] ALLOWED /usr/bin/curl(12) -> GET http://site.test:8080/zen [policy:site engine:l7]",
                "HTTP:POST [MED] DENIED /usr/bin/curl(12) -> POST http://site.test:8080/items [policy:site engine:l7]"
                        + " [reason:POST /items not permitted by policy]");
    }

    @Test
    void auditPassesAForwardedRequest() throws Exception {
        passes("DELETE", "audit.test", "/x");
        assertThat(stage.verdicts.only().reason()).isEqualTo("audit: DELETE /x not permitted by policy");
    }

    @ParameterizedTest
    @CsvSource({"/a%2Fb,403", "/a%00b,400", "/..,400"})
    void pathsWithoutOneMeaningAreRefused(String path, int status) throws Exception {
        passes("GET", "site.test", "/a");
        assertThat(refused("GET", "site.test", path, "")).startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void case115AnUpgradeToHttp2IsRefused() throws Exception {
        passes("GET", "site.test", "/a");
        assertThat(refused("GET", "site.test", "/a", "Connection: Upgrade\r\nUpgrade: h2c\r\n"))
                .contains("unsupported_l7_protocol");
    }

    @Test
    void aWebSocketNeedsATunnel() throws Exception {
        passes("GET", "site.test", "/a");
        assertThat(refused("GET", "ws.test", "/a", "")).startsWith("HTTP/1.1 403 ").contains("WebSocket");
    }
}
