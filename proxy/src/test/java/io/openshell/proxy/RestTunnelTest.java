package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.RequestMatch;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RestTunnelTest {
    private static final String ALLOWED = "GET /repos/a HTTP/1.1\r\nHost: site.test:8080\r\n\r\n";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer();
        stage = new Stage(Policies.allowing(repos("enforce"), Policies.rest("audit.test", 8080, "audit"),
                NetworkEndpoint.builder("scoped.test", 8080).protocol("rest").access("full").enforcement("enforce")
                        .path("/v1/**").build()));
        stage.server = server.address();
    }

    private static NetworkEndpoint repos(String enforcement) {
        return NetworkEndpoint.builder("site.test", 8080).protocol("rest").enforcement(enforcement).rules(List.of(
                AllowRule.of(RequestMatch.http("GET", "/repos/**")),
                AllowRule.of(RequestMatch.http("POST", "/repos/*/issues")))).build();
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
        server.close();
    }

    private Client tunnel(String host) throws IOException {
        var client = stage.client();
        client.send("CONNECT " + host + ":8080 HTTP/1.1\r\nHost: " + host + ":8080\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }

    /** Shows that the tunnel carries an allowed request, so that a refusal afterwards is one of the request. */
    private void proveAllowed(Client client, Client upstream) throws IOException {
        client.send(ALLOWED);
        assertThat(upstream.head()).isEqualTo(ALLOWED);
        upstream.send(ANSWER);
        assertThat(client.read(ANSWER.length())).isEqualTo(ANSWER);
    }

    private String refusedAfterAnAllowedOne(String request) throws Exception {
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            proveAllowed(client, upstream);
            client.send(request);
            var answer = client.rest();
            assertThat(upstream.rest()).as("what the upstream saw of it").isEmpty();
            return answer;
        }
    }

    private Verdict last() {
        return stage.verdicts.all().getLast();
    }

    @Test
    void case116RequestsOfAKeptTunnelAreJudgedOneByOne() throws Exception {
        var answer = refusedAfterAnAllowedOne("DELETE /repos/a?token=secret HTTP/1.1\r\nHost: site.test:8080\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 403 ").contains("Connection: close", "X-OpenShell-Policy: site");
        assertThat(stage.verdicts.all()).extracting(VerdictLine::format).containsExactly(
                "NET:OPEN [INFO] ALLOWED /usr/bin/curl(12) -> site.test:8080 [policy:site engine:l4]",
                "HTTP:GET [INFO] ALLOWED /usr/bin/curl(12) -> GET http://site.test:8080/repos/a [policy:site engine:l7]",
                "HTTP:DELETE [MED] DENIED /usr/bin/curl(12) -> DELETE http://site.test:8080/repos/a"
                        + " [policy:site engine:l7] [reason:DELETE /repos/a not permitted by policy]");
    }

    @Test
    void case88TheDenialSaysEverythingAboutTheRequest() throws Exception {
        var answer = refusedAfterAnAllowedOne("DELETE /repos/a HTTP/1.1\r\nHost: site.test:8080\r\n\r\n");
        assertThat(answer).contains("\"error\":\"policy_denied\"", "\"policy\":\"site\"", "\"rule\":\"DELETE /repos/a\"",
                "\"detail\":\"DELETE /repos/a not permitted by policy\"", "\"layer\":\"l7\"", "\"protocol\":\"rest\"",
                "\"method\":\"DELETE\"", "\"path\":\"/repos/a\"", "\"host\":\"site.test\"", "\"port\":8080",
                "\"binary\":\"/usr/bin/curl\"", "\"rule_missing\":{\"type\":\"rest_allow\"", "\"next_steps\":[]",
                "\"nearest_rule\":{\"policy\":\"site\",\"rule\":\"allow GET /repos/**\",\"differs_in\":\"method\"}",
                "\"decision_id\":\"" + last().decisionId() + "\"");
    }

    @Test
    void case89AuditPassesTheRequestAndRecordsIt() throws Exception {
        try (var client = tunnel("audit.test"); var upstream = server.next()) {
            client.send("DELETE /x HTTP/1.1\r\nHost: audit.test:8080\r\n\r\n");
            assertThat(upstream.head()).startsWith("DELETE /x HTTP/1.1\r\n");
        }
        assertThat(last()).satisfies(verdict -> {
            assertThat(verdict.allowed()).isTrue();
            assertThat(verdict.code()).contains(ReasonCode.REQUEST_NOT_ALLOWED);
            assertThat(verdict.reason()).startsWith("audit: ");
        });
    }

    @ParameterizedTest(name = "case {0}: {1}")
    @CsvSource(delimiter = '|', value = {
        "83 | DELETE /repos/org/x | 403", "84 | POST /repos/a/b/issues | 403", "85 | GET /repos | 403",
        "87 | OPTIONS /repos/a | 403", "103 | GET /repos/../secret | 403", "104 | GET /repos/%2e%2e/secret | 403",
        "105 | GET /repos/a%00b | 400", "106 | GET /repos/a%2Fb | 403", "107 | GET /.. | 400", "- | OPTIONS * | 400",
        "- | CONNECT site.test:8080 | 400", "- | GET /repos/a?x=%zz | 403"
    })
    void requestsThatDoNotPass(String number, String start, int status) throws Exception {
        var answer = refusedAfterAnAllowedOne(start + " HTTP/1.1\r\nHost: site.test:8080\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(last().allowed()).isFalse();
    }

    @ParameterizedTest(name = "case {0}")
    @CsvSource(delimiter = '|', value = {
        "108 | Host: site.test:8080\\r\\nContent-Length: 1\\r\\nTransfer-Encoding: chunked\\r\\n",
        "109 | Host: site.test:8080\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n",
        "110 | Host: site.test:8080\\r\\nHost: site.test:8080\\r\\n",
        "111 | Host: site.test:8080\\nX: y\\r\\n",
        "112 | Host: site.test:8080\\r\\nX: y\\r\\n z\\r\\n",
        "- | X: no host\\r\\n",
        "- | Host: site.test:8080\\r\\nTransfer-Encoding: gzip, chunked\\r\\n"
    })
    void whatTwoReadersCouldTakeDifferentlyIsRefused(String number, String fields) throws Exception {
        var head = "GET /repos/a HTTP/1.1\r\n" + fields.replace("\\r", "\r").replace("\\n", "\n") + "\r\n";
        assertThat(refusedAfterAnAllowedOne(head)).startsWith("HTTP/1.1 400 ");
        assertThat(last().engine()).isEqualTo("http-parser");
    }

    @Test
    void case109IdenticalLengthsAreAccepted() throws Exception {
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            client.send("POST /repos/a/issues HTTP/1.1\r\nHost: site.test:8080\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok");
            assertThat(upstream.head()).startsWith("POST ");
            assertThat(upstream.read(2)).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.test:8080", "site.test", "site.test:80", "site.test.evil:8080"})
    void case113ARequestForAnotherHostIsRefused(String host) throws Exception {
        assertThat(refusedAfterAnAllowedOne("GET /repos/a HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ").contains("request_authority_mismatch");
        assertThat(refusedAfterAnAllowedOne(
                        "GET http://" + host + "/repos/a HTTP/1.1\r\nHost: site.test:8080\r\n\r\n"))
                .contains("request_authority_mismatch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SITE.test:8080", "site.test.:8080"})
    void spellingsOfTheSameHostPass(String host) throws Exception {
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            client.send("GET http://" + host + "/repos/x/../a HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            assertThat(upstream.head()).isEqualTo(ALLOWED);
        }
    }

    @Test
    void case114TheHttp2PrefaceIsRefused() throws Exception {
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ").contains("unsupported_l7_protocol");
            assertThat(upstream.rest()).isEmpty();
        }
        assertThat(last().code()).contains(ReasonCode.PROTOCOL_UNSUPPORTED);
    }

    @Test
    void case115AnUpgradeToHttp2IsRefused() throws Exception {
        assertThat(refusedAfterAnAllowedOne("GET /repos/a HTTP/1.1\r\nHost: site.test:8080\r\n"
                        + "Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n\r\n"))
                .contains("unsupported_l7_protocol");
    }

    @Test
    void case160UnknownBytesAreRefused() throws Exception {
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            client.send("\u0001\u0002binary");
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ").contains("unsupported_l7_protocol");
            assertThat(upstream.rest()).isEmpty();
        }
    }

    @Test
    void aPipelinedRequestIsJudgedAfterTheAnswerToTheFirst() throws Exception {
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            client.send(ALLOWED + ALLOWED + "DELETE /repos/a HTTP/1.1\r\nHost: site.test:8080\r\n\r\n");
            assertThat(upstream.head()).isEqualTo(ALLOWED);
            upstream.send(ANSWER);
            assertThat(upstream.head()).isEqualTo(ALLOWED);
            upstream.send(ANSWER);
            assertThat(client.rest()).startsWith(ANSWER + ANSWER + "HTTP/1.1 403 ");
            assertThat(upstream.rest()).isEmpty();
        }
    }

    @Test
    void aRequestHiddenInABodyIsNotARequest() throws Exception {
        var hidden = "DELETE /x HTTP/1.1\r\n\r\n";
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            client.send("POST /repos/a/issues HTTP/1.1\r\nHost: site.test:8080\r\nContent-Length: " + hidden.length()
                    + "\r\n\r\n" + hidden + ALLOWED);
            upstream.head();
            assertThat(upstream.read(hidden.length())).isEqualTo(hidden);
            upstream.send("HTTP/1.1 204 No Content\r\n\r\n");
            assertThat(upstream.head()).isEqualTo(ALLOWED);
        }
    }

    @Test
    void chunksAndInterimAnswersPass() throws Exception {
        var body = "3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n";
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            client.send("POST /repos/a/issues HTTP/1.1\r\nHost: site.test:8080\r\nTransfer-Encoding: chunked\r\n"
                    + "Expect: 100-continue\r\n\r\n");
            assertThat(upstream.head()).contains("Expect: 100-continue");
            upstream.send("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send(body);
            assertThat(upstream.read(body.length())).isEqualTo(body);
            upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
            assertThat(client.head()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(client.read(body.length())).isEqualTo(body);
            proveAllowed(client, upstream);
        }
    }

    @Test
    void anAnswerWithoutFramingIsRelayedToItsEnd() throws Exception {
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            client.send(ALLOWED);
            upstream.head();
            upstream.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
            assertThat(client.head()).contains("Connection: close");
            assertThat(client.read(9)).isEqualTo("data: 1\n\n");
            upstream.send("data: 2\n\n");
            upstream.close();
            assertThat(client.rest()).isEqualTo("data: 2\n\n");
        }
    }

    @Test
    void anAnswerNobodyAskedForIsNotTakenForTheNextOne() throws Exception {
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            client.send(ALLOWED + ALLOWED);
            upstream.head();
            upstream.send(ANSWER + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
            assertThat(client.rest()).isEqualTo(ANSWER);
        }
    }

    @Test
    void anUpstreamThatLeavesWithoutAnAnswerIsA502() throws Exception {
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            client.send(ALLOWED);
            upstream.head();
            upstream.close();
            assertThat(client.rest()).startsWith("HTTP/1.1 502 ");
        }
    }

    @Test
    void aLargeBodyPassesInBothDirections() throws Exception {
        var bulk = "x".repeat(8 << 20);
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            var sender = sending(client, "POST /repos/a/issues HTTP/1.1\r\nHost: site.test:8080\r\nContent-Length: " + bulk.length()
                    + "\r\n\r\n" + bulk);
            upstream.head();
            assertThat(upstream.read(bulk.length())).hasSameSizeAs(bulk);
            sender.join();
            var answerer = sending(upstream, "HTTP/1.1 200 OK\r\nContent-Length: " + bulk.length() + "\r\n\r\n" + bulk);
            client.head();
            assertThat(client.read(bulk.length())).hasSameSizeAs(bulk);
            answerer.join();
        }
    }

    /** On a thread of its own: more than the buffers on the way may hold goes only while the other side reads. */
    private static Thread sending(Client from, String text) {
        return Thread.ofVirtual().start(() -> {
            try {
                from.send(text);
            } catch (IOException cut) {
                throw new IllegalStateException(cut);
            }
        });
    }

    @Test
    void aNewPolicyClosesAKeptTunnel() throws Exception {
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            proveAllowed(client, upstream);
            stage.proxy.swap(Policies.nothing(), 2);
            assertThat(client.rest()).isEmpty();
            assertThat(upstream.rest()).isEmpty();
        }
    }

    @Test
    void aRequestThatCannotBeRecordedIsNotPassedOn() throws Exception {
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            proveAllowed(client, upstream);
            stage.sink = verdict -> {
                throw new IllegalStateException("full");
            };
            client.send(ALLOWED);
            assertThat(client.rest()).startsWith("HTTP/1.1 503 ");
            assertThat(upstream.rest()).isEmpty();
        }
    }

    @Test
    void aScopedEndpointRefusesOtherPaths() throws Exception {
        try (var client = tunnel("scoped.test"); var upstream = server.next()) {
            client.send("GET /v1/x HTTP/1.1\r\nHost: scoped.test:8080\r\n\r\n");
            upstream.head();
            upstream.send(ANSWER);
            client.read(ANSWER.length());
            client.send("GET /v2/x HTTP/1.1\r\nHost: scoped.test:8080\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void placeholdersOfCredentialsAreNotLogged() throws Exception {
        refusedAfterAnAllowedOne("GET /x/openshell:resolve:env:TOKEN HTTP/1.1\r\nHost: site.test:8080\r\n\r\n");
        assertThat(VerdictLine.format(last())).contains("/x/[CREDENTIAL]").doesNotContain("TOKEN");
    }

    @Test
    void aWebSocketUpgradeOnARestEndpointBecomesATunnelOfBytes() throws Exception {
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            client.send("GET /repos/ws HTTP/1.1\r\nHost: site.test:8080\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n");
            assertThat(upstream.head()).contains("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: ");
            upstream.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello");
            assertThat(client.head()).startsWith("HTTP/1.1 101 ").contains("Upgrade: websocket");
            assertThat(client.read(5)).isEqualTo("hello");
            client.send("any bytes");
            assertThat(upstream.read(9)).isEqualTo("any bytes");
        }
    }

    @Test
    void anUpgradeThatWasNotAskedForIsNotHonoured() throws Exception {
        try (var client = tunnel("site.test"); var upstream = server.next()) {
            client.send(ALLOWED);
            upstream.head();
            upstream.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 502 ");
        }
    }
}
