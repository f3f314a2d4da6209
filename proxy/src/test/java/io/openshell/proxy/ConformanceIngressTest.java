package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.policy.NetworkEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The numbered cases about how a connection asks. */
final class ConformanceIngressTest {
    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void start() throws Exception {
        server = new LoopbackServer();
        stage = new Stage(Policies.allowing(
                Policies.rest("rest.test", 80, "enforce"), NetworkEndpoint.plain("site.test", 443)));
        stage.server = server.address();
    }

    @AfterEach
    void stop() throws Exception {
        stage.close();
        server.close();
    }

    @Test
    void case75HttpsWithoutATunnelIsToldToUseOne() throws Exception {
        stage.tunnel().close();
        server.next().close();
        try (var client = stage.client()) {
            client.send("GET https://site.test/ HTTP/1.1\r\nHost: site.test\r\n\r\n");

            assertThat(client.rest()).startsWith("HTTP/1.1 400 ").contains("CONNECT");
            assertThat(server.nobodyCame()).isTrue();
        }
    }

    @Test
    void case76AnotherSchemeThanHttpIsRefused() throws Exception {
        try (var client = stage.client()) {
            client.send("GET ftp://site.test/ HTTP/1.1\r\nHost: site.test\r\n\r\n");

            assertThat(client.rest()).startsWith("HTTP/1.1 400 ").contains("\"unsupported_proxy_scheme\"");
            assertThat(server.nobodyCame()).isTrue();
        }
    }

    @Test
    void case159PlainHttpInATunnelIsInspected() throws Exception {
        try (var client = stage.client()) {
            client.send("CONNECT rest.test:80 HTTP/1.1\r\nHost: rest.test:80\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200");
            client.send("GET /a HTTP/1.1\r\nHost: rest.test\r\n\r\n");
            var upstream = server.next();
            assertThat(upstream.head()).startsWith("GET /a HTTP/1.1\r\n");
            upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200");

            client.send("POST /a HTTP/1.1\r\nHost: rest.test\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 403").contains("\"layer\":\"l7\"");
        }
    }
}
