package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ForwardTest {
    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer();
        stage = new Stage(Policies.site());
        stage.server = server.address();
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
        server.close();
    }

    private Client get(String target) throws IOException {
        return asking("GET " + target + " HTTP/1.1\r\nHost: site.test\r\n\r\n");
    }

    private Client asking(String request) throws IOException {
        var client = stage.client();
        client.send(request);
        return client;
    }

    @Test
    void getIsForwardedInOriginFormWithoutHopByHopFields() throws Exception {
        try (var client = asking("GET http://SITE.test/a/../b%41?q=secret HTTP/1.1\r\nHost: site.test:80\r\n"
                        + "Connection: keep-alive, X-Mine\r\nX-Mine: 1\r\nProxy-Authorization: Basic eA==\r\n"
                        + "Proxy-Connection: keep-alive\r\nUpgrade: h2c\r\nTE: trailers\r\nAccept: */*\r\n\r\n");
                var upstream = server.next()) {
            assertThat(upstream.head()).isEqualTo("GET /bA?q=secret HTTP/1.1\r\nHost: site.test\r\nAccept: */*\r\n"
                    + "Via: 1.1 openshell-sandbox\r\nConnection: close\r\n\r\n");
            upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nhi");
            assertThat(client.rest())
                    .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
            assertThat(upstream.rest()).isEmpty();
        }
        assertThat(VerdictLine.format(stage.verdicts.only())).isEqualTo(
                "HTTP:GET [INFO] ALLOWED /usr/bin/curl(12) -> GET http://site.test:80/bA [policy:site engine:l4]");
    }

    @Test
    void responseWithoutFramingIsRelayedToItsEnd() throws Exception {
        try (var client = get("http://site.test/"); var upstream = server.next()) {
            upstream.head();
            upstream.send("HTTP/1.1 200 OK\r\n\r\nall of it");
            upstream.close();
            assertThat(client.rest()).endsWith("\r\n\r\nall of it");
        }
    }

    @Test
    void clientOfHttp10IsAnsweredInItsVersion() throws Exception {
        try (var client = asking("GET http://site.test/ HTTP/1.0\r\n\r\n"); var upstream = server.next()) {
            assertThat(upstream.head()).startsWith("GET / HTTP/1.0\r\nHost: site.test\r\n");
            upstream.send("HTTP/1.0 200 OK\r\n\r\nplain");
            upstream.close();
            assertThat(client.rest()).endsWith("\r\n\r\nplain");
        }
    }

    @Test
    void interimResponsesPrecedeTheFinalOne() throws Exception {
        try (var client = get("http://site.test/"); var upstream = server.next()) {
            upstream.head();
            upstream.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
            assertThat(client.rest())
                    .isEqualTo("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        }
    }

    @Test
    void postBodyOfKnownLengthIsForwardedAndNotAByteMore() throws Exception {
        try (var client = asking("POST http://site.test/x HTTP/1.1\r\nHost: site.test\r\nContent-Length: 5\r\n\r\n"
                        + "12345GET http://site.test/smuggled HTTP/1.1\r\nHost: site.test\r\n\r\n");
                var upstream = server.next()) {
            assertThat(upstream.head()).startsWith("POST /x HTTP/1.1\r\n").contains("Content-Length: 5\r\n");
            assertThat(upstream.read(5)).isEqualTo("12345");
            upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(upstream.rest()).isEmpty();
        }
        assertThat(stage.verdicts.only().allowed()).isTrue();
    }

    @Test
    void chunkedBodyIsForwardedPieceByPieceToItsEnd() throws Exception {
        try (var client = asking("POST http://site.test/x HTTP/1.1\r\nHost: site.test\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n5\r\n12");
                var upstream = server.next()) {
            assertThat(upstream.head()).contains("Transfer-Encoding: chunked\r\n");
            assertThat(upstream.read(5)).isEqualTo("5\r\n12");
            client.send("345\r\n0\r\n\r\nEXTRA");
            assertThat(upstream.read(10)).isEqualTo("345\r\n0\r\n\r\n");
            upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nMORE");
            assertThat(client.rest()).endsWith("\r\n\r\n2\r\nok\r\n0\r\n\r\n");
            assertThat(upstream.rest()).isEmpty();
        }
    }

    @Test
    void malformedChunkEndsTheRequest() throws Exception {
        try (var client = asking("POST http://site.test/x HTTP/1.1\r\nHost: site.test\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n2\r\nokGET / HTTP/1.1\r\n");
                var upstream = server.next()) {
            assertThat(client.rest()).startsWith("HTTP/1.1 400 ");
            assertThat(upstream.rest()).doesNotContain("GET /");
        }
    }

    @Test
    void upstreamThatLeavesWithoutAnAnswerBecomesA502() throws Exception {
        try (var client = get("http://site.test/"); var upstream = server.next()) {
            upstream.head();
            upstream.close();
            assertThat(client.rest()).startsWith("HTTP/1.1 502 ");
        }
    }

    @Test
    void switchingProtocolsIsNotPassedOn() throws Exception {
        try (var client = get("http://site.test/"); var upstream = server.next()) {
            upstream.head();
            upstream.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 502 ");
        }
    }

    @Test
    void largeResponseToASlowReaderArrivesWhole() throws Exception {
        int size = 32 << 20;
        try (var client = get("http://site.test/"); var upstream = server.next()) {
            upstream.head();
            var sender = Thread.startVirtualThread(() -> {
                try {
                    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                    upstream.socket().getOutputStream().write(new byte[size]);
                } catch (IOException closed) {
                    throw new AssertionError(closed);
                }
            });
            client.head();
            assertThat(client.socket().getInputStream().readAllBytes()).hasSize(size);
            sender.join();
        }
    }

    @Test
    void deniedRequestNamesMethodAndPathWithoutQueryAndWithoutReason() throws Exception {
        try (var client = asking("GET http://other.test/p?token=secret HTTP/1.1\r\nHost: other.test\r\n\r\n")) {
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 403 ")
                    .contains("\"detail\":\"GET other.test:80/p not permitted by policy\"")
                    .doesNotContain("secret", "\"reason\"");
        }
        assertThat(VerdictLine.format(stage.verdicts.only()))
                .startsWith("HTTP:GET [MED] DENIED /usr/bin/curl(12) -> GET http://other.test:80/p [policy:- engine:l4]")
                .doesNotContain("secret");
    }

    @Test
    void credentialPlaceholdersInPathsAreNotLogged() throws Exception {
        try (var client = asking(
                "GET http://other.test/bot/openshell:resolve:env:KEY/x HTTP/1.1\r\nHost: other.test\r\n\r\n")) {
            assertThat(client.rest()).contains("/bot/[CREDENTIAL]/x");
        }
        assertThat(stage.verdicts.only().target()).isEqualTo("GET http://other.test:80/bot/[CREDENTIAL]/x");
    }

    @ParameterizedTest
    @CsvSource({
        "https://site.test/, CONNECT",
        "ftp://site.test/, unsupported_proxy_scheme",
        "http://site.test/a%2Fb, invalid_request_target",
        "http://site.test/../x, invalid_request_target",
        "http://site.test/%zz, invalid_request_target"
    })
    void targetsThatAreNotServedGetA400ThatSaysWhy(String target, String word) throws Exception {
        try (var client = get(target)) {
            assertThat(client.rest()).startsWith("HTTP/1.1 400 ").contains(word);
        }
        assertThat(stage.verdicts.only().allowed()).isFalse();
        assertThat(server.nobodyCame()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/origin", "*", "http://", "http://site.test/#f", "http://u:p@site.test/", "http://evil.test/"})
    void unreadableTargetsGetABare400(String target) throws Exception {
        try (var client = get(target)) {
            assertThat(client.rest()).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n");
        }
        assertThat(server.nobodyCame()).isTrue();
    }

    @Test
    void swapEndsAForwardedRequestInFlight() throws Exception {
        try (var client = get("http://site.test/"); var upstream = server.next()) {
            upstream.head();
            upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12");
            client.head();
            stage.proxy.swap(Policies.site(), 2);
            assertThat(client.rest()).isIn("", "12");
            assertThat(upstream.rest()).isEmpty();
        }
    }
}
