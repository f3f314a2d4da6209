package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.proxy.credential.SecretText;
import io.openshell.proxy.inference.AnswerLimits;
import io.openshell.proxy.inference.InferenceRoute;
import io.openshell.proxy.inference.ModelMember;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests for models, whatever the policy says. */
@Timeout(60)
class InferenceTest {
    private static final InferenceRoute.Style OPENAI = new InferenceRoute.Style("authorization", "Bearer ", false);

    private static final AnswerLimits LIMITS = AnswerLimits.of(0);

    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer();
        stage = new Stage(Policies.nothing());
        stage.server = server.address();
        stage.route = InferenceRoute.of("http://models.example:8000/v1", OPENAI, Optional.of(new SecretText("planted-7f3a")), "m-1", LIMITS);
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
        server.close();
    }

    private Client inside() throws Exception {
        var client = stage.client();
        client.send("CONNECT inference.local:443 HTTP/1.1\r\nHost: inference.local:443\r\n\r\n");
        var head = client.head();
        assertThat(head).startsWith("HTTP/1.1 200 ");
        var tls = Certificates.asking(client.socket(), Certificates.SANDBOX, "inference.local");
        tls.startHandshake();
        return new Client(tls);
    }

    private static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: inference.local\r\nContent-Type: application/json\r\nAuthorization: Bearer mine\r\n"
                + "X-Other: 1\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void case80AChatCompletionIsRoutedWhateverThePolicySays() throws Exception {
        try (var client = inside()) {
            client.send(post("/v1/chat/completions", "{\"model\":\"theirs\",\"messages\":[]}"));
            try (var upstream = server.next()) {
                var head = upstream.head();
                assertThat(head).startsWith("POST /v1/chat/completions HTTP/1.1\r\nHost: models.example:8000\r\n")
                        .contains("authorization: Bearer planted-7f3a\r\n", "Content-Type: application/json\r\n")
                        .doesNotContain("mine", "X-Other");
                assertThat(upstream.read("{\"model\":\"m-1\",\"messages\":[]}".length())).isEqualTo("{\"model\":\"m-1\",\"messages\":[]}");
                upstream.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: one\n\n");
                assertThat(client.head()).startsWith("HTTP/1.1 200 OK\r\n");
                assertThat(client.read("data: one\n\n".length())).isEqualTo("data: one\n\n");
            }
        }
        assertThat(stage.verdicts.all()).extracting(VerdictLine::format).contains("HTTP:POST [INFO] ALLOWED /usr/bin/curl(12) -> "
                + "POST https://inference.local:443/v1/chat/completions [policy:inference.local engine:inference]");
        assertThat(stage.verdicts.all().toString()).doesNotContain("planted");
        assertThat(stage.lookedUp).containsExactly("models.example");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "GET /other | 403 | connection not allowed by policy", "GET /v1/chat/completions | 403 | connection not allowed by policy",
        "POST /v1/files | 403 | connection not allowed by policy", "POST /v1/messages | 400 | no route for this protocol"
    })
    void case80WhatIsNoRequestForAModelIsRefused(String request, int status, String error) throws Exception {
        try (var client = inside(); var upstream = server.next()) {
            client.send(request + " HTTP/1.1\r\nHost: inference.local\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 " + status + " ").contains("\"error\":\"" + error + "\"");
            assertThat(upstream.rest()).isEmpty();
        }
    }

    @Test
    void aRequestBeyondTenMebibytesIsRefusedBeforeItIsRead() throws Exception {
        try (var client = inside(); var upstream = server.next()) {
            client.send("POST /v1/completions HTTP/1.1\r\nHost: inference.local\r\nContent-Length: " + ((10 << 20) + 1) + "\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 413 ").contains("request too large");
            assertThat(upstream.rest()).isEmpty();
        }
    }

    @Test
    void withoutARouteThereIsNone() throws Exception {
        stage.route = Optional.empty();
        try (var client = stage.client()) {
            client.send("CONNECT inference.local:443 HTTP/1.1\r\nHost: inference.local:443\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 503 ").contains("cluster inference is not configured");
        }
    }

    @Test
    void anOpenConnectionUsesTheRouteOfNow() throws Exception {
        try (var client = inside()) {
            client.send("GET /v1/models HTTP/1.1\r\nHost: inference.local\r\n\r\n");
            try (var upstream = server.next()) {
                assertThat(upstream.head()).startsWith("GET /v1/models ").contains("planted-7f3a");
                upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                client.head();
                stage.route = InferenceRoute.of("http://models.example:8000/v1", OPENAI, Optional.of(new SecretText("rotated")), "m-1", LIMITS);
                client.send("GET /v1/models/a HTTP/1.1\r\nHost: inference.local\r\n\r\n");
                assertThat(upstream.head()).startsWith("GET /v1/models/a ").contains("Bearer rotated");
                upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                client.head();
                stage.route = InferenceRoute.of("http://others.example/v1", OPENAI, Optional.of(new SecretText("other")), "m-1", LIMITS);
                client.send("GET /v1/models HTTP/1.1\r\nHost: inference.local\r\n\r\n");
                assertThat(client.head()).startsWith("HTTP/1.1 503 ");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{} | {\"model\":\"m\"}", "{ \"a\" : 1 } | { \"model\":\"m\",\"a\" : 1 }",
        "{\"x\":{\"model\":\"y\"},\"model\" : null} | {\"x\":{\"model\":\"y\"},\"model\" : \"m\"}",
        "{\"model\":{\"a\":[1,\"}\"]},\"b\":\"model\"} | {\"model\":\"m\",\"b\":\"model\"}"
    })
    void theModelIsSetAndNothingElseChanges(String before, String after) {
        assertThat(ModelMember.set(before, "m")).contains(after);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{\"model\":1,\"model\":2}", "{\"mod\\u0065l\":1}"})
    void aModelThatCouldBeReadInTwoWaysIsRefused(String body) {
        assertThat(ModelMember.set(body, "m")).isEmpty();
    }
}
