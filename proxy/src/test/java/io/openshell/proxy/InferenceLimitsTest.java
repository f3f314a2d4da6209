package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.proxy.credential.SecretText;
import io.openshell.proxy.inference.AnswerLimits;
import io.openshell.proxy.inference.InferenceRoute;
import io.openshell.proxy.tls.UpstreamTrust;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers of models that are late, silent or too long. */
@Timeout(60)
class InferenceLimitsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String STREAM = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    private static final String EVENT = "data: one\n\n";
    private static final String LAST = "event: error";

    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer();
        stage = new Stage(Policies.nothing());
        stage.server = server.address();
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
        server.close();
    }

    private void limits(Duration time, Duration silence, long bytes) {
        stage.route = route("http://models.example:8000/v1", new AnswerLimits(time, silence, bytes, true));
    }

    private static Optional<InferenceRoute> route(String url, AnswerLimits limits) {
        return InferenceRoute.of(url, new InferenceRoute.Style("authorization", "Bearer ", false),
                Optional.of(new SecretText("planted-7f3a")), "m-1", limits);
    }

    private Client asking(String path) throws Exception {
        var outer = stage.client();
        outer.send("CONNECT inference.local:443 HTTP/1.1\r\nHost: inference.local:443\r\n\r\n");
        assertThat(outer.head()).startsWith("HTTP/1.1 200 ");
        var tls = Certificates.asking(outer.socket(), Certificates.SANDBOX, "inference.local");
        tls.startHandshake();
        var client = new Client(tls);
        client.send("POST " + path + " HTTP/1.1\r\nHost: inference.local\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        return client;
    }

    /** The provider's end, the request read. */
    private Client asked() throws Exception {
        var upstream = server.next();
        assertThat(upstream.head()).startsWith("POST ");
        return upstream;
    }

    @Test
    void anAnswerThatDoesNotBeginInTimeIsA504() throws Exception {
        limits(SHORT, LONG, 1_000);
        try (var client = asking("/v1/chat/completions"); var upstream = asked()) {
            assertThat(client.rest()).startsWith("HTTP/1.1 504 ").contains("inference request timed out", "did not answer within");
            assertThat(upstream.rest()).startsWith("{\"model\"");
        }
    }

    @Test
    void theTimeIsThatOfTheWholeAnswer() throws Exception {
        limits(SHORT, LONG, 1_000);
        try (var client = asking("/v1/chat/completions"); var upstream = asked()) {
            upstream.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
            assertThat(client.rest()).endsWith("\r\n\r\n{").doesNotContain(LAST);
        }
    }

    @Test
    void aStreamOfEventsMayTakeLonger() throws Exception {
        limits(SHORT, LONG, Long.MAX_VALUE);
        try (var client = asking("/v1/chat/completions"); var upstream = asked()) {
            upstream.send(STREAM);
            client.head();
            for (long begun = System.nanoTime(); System.nanoTime() - begun < 3 * SHORT.toNanos(); Thread.onSpinWait()) {
                upstream.send(EVENT);
                assertThat(client.read(EVENT.length())).isEqualTo(EVENT);
            }
            upstream.close();
            assertThat(client.rest()).as("that was all of it").isEmpty();
        }
    }

    @Test
    void whatIsNoStreamHasTheTimeOfTheWholeAnswerWhateverItCallsItself() throws Exception {
        limits(SHORT, LONG, 1_000);
        try (var client = asking("/v1/embeddings"); var upstream = asked()) {
            upstream.send(STREAM + EVENT);
            assertThat(client.rest()).startsWith("HTTP/1.1 200 ").endsWith(EVENT);
        }
    }

    @Test
    void aStreamThatFallsSilentEndsWithAnEventThatSaysSo() throws Exception {
        limits(LONG, SHORT, 1_000);
        try (var client = asking("/v1/responses"); var upstream = asked()) {
            upstream.send(STREAM.replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n") + "b\r\n" + EVENT + "\r\n");
            assertThat(client.rest()).contains(EVENT, LAST, "the answer ended early").endsWith("\r\n0\r\n\r\n");
        }
    }

    @Test
    void aStreamThatBreaksWithinAPieceIsCut() throws Exception {
        limits(LONG, LONG, 1_000);
        try (var client = asking("/v1/completions"); var upstream = asked()) {
            upstream.send(STREAM.replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n") + "b\r\ndata");
            client.head();
            assertThat(client.read(7)).isEqualTo("b\r\ndata");
            upstream.close();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void anAnswerIsNotPassedOnBeyondItsMostBytes() throws Exception {
        limits(LONG, LONG, 1_000);
        try (var client = asking("/v1/chat/completions"); var upstream = asked()) {
            upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 502 ").contains("inference service error");
        }
        try (var client = asking("/v1/chat/completions"); var upstream = asked()) {
            upstream.send(STREAM + "data: " + "x".repeat(2_000));
            assertThat(client.rest()).startsWith("HTTP/1.1 200 ").contains(LAST);
        }
    }

    @Test
    void inHttp2TheSameGoesForAStream() throws Exception {
        try (var peer = new Http2Server(Certificates.INTERNET.serving("rest.test", true))) {
            stage.server = peer.address();
            stage.route = route("https://rest.test", new AnswerLimits(SHORT, LONG, 1_000, true));
            try (var client = new Http2Client(stage.proxy.address(), "inference.local",
                    UpstreamTrust.of(List.of(Certificates.SANDBOX.certificate())).eitherContext())) {
                assertThat(client.new Stream("GET", "inference.local", "/v1/models", true).next()).contains(":status: 200");
                assertThat(client.new Stream("GET", "inference.local", "/v1/models/silent", true).next()).contains(":status: 504");
                var hanging = client.new Stream("GET", "inference.local", "/v1/models/hang", true);
                assertThat(hanging.next()).contains(":status: 200");
                assertThat(hanging.next()).isEqualTo("reset");
                assertThat(client.new Stream("GET", "inference.local", "/v1/models", true).next()).contains(":status: 200");
            }
        }
    }
}
