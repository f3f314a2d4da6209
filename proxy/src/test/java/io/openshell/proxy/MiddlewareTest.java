package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.ConfigValue;
import io.openshell.model.policy.MiddlewareConfig;
import io.openshell.model.policy.MiddlewareSelector;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built-in redactor on real connections. */
final class MiddlewareTest {
    private static final String SECRET = "ghp_" + "a1B2".repeat(9);
    private static final String CLEAN = "[REDACTED:github_token]";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private LoopbackServer server;

    @BeforeEach
    void start() throws Exception {
        server = new LoopbackServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static CompiledPolicy policy(String onError, Map<String, ConfigValue> config, NetworkEndpoint... endpoints) {
        var rule = new NetworkRule("test", List.of(endpoints), List.of(new NetworkBinary(Policies.CURL)));
        var filter = new MiddlewareConfig("", "redactor", 1, new ConfigValue.Fields(new TreeMap<>(config)), onError,
                Optional.of(new MiddlewareSelector(List.of("site.*"), List.of())));
        return CompiledPolicy.compile(PolicyDocument.empty().withNetworkPolicies(Map.of("site", rule))
                .withMiddlewares(Map.of("guard", filter)));
    }

    private Stage stage(CompiledPolicy policy) {
        var stage = new Stage(policy);
        stage.server = server.address();
        return stage;
    }

    private static NetworkEndpoint full() {
        return NetworkEndpoint.builder("site.test", 443).protocol("rest").access("full").enforcement("enforce").build();
    }

    private static String post(String body, String... fields) {
        return "POST /a HTTP/1.1\r\nHost: site.test:443\r\n" + String.join("", List.of(fields).stream().map(f -> f + "\r\n").toList())
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void aSecretInABodyDoesNotLeaveAndIsNotLogged() throws Exception {
        try (var stage = stage(policy("", Map.of(), full())); var client = stage.tunnel()) {
            client.send(post("token=" + SECRET + "&x=1"));
            var upstream = server.next();
            var head = upstream.head();
            var body = "token=" + CLEAN + "&x=1";
            assertThat(head).contains("Content-Length: " + body.length() + "\r\n");
            assertThat(upstream.read(body.length())).isEqualTo(body);
            upstream.send(OK);
            assertThat(client.head()).startsWith("HTTP/1.1 200");
            assertThat(client.read(2)).isEqualTo("ok");

            var verdict = stage.verdicts.all().getLast();
            assertThat(verdict.allowed()).isTrue();
            assertThat(verdict.engine()).isEqualTo("middleware");
            assertThat(verdict.reason()).isEqualTo("redacted: github_token x1");
            assertThat(stage.verdicts.all().toString()).doesNotContain(SECRET);

            client.send(post("nothing here"));
            assertThat(upstream.head()).contains("Content-Length: 12\r\n");
            assertThat(upstream.read(12)).as("a second request of the same tunnel").isEqualTo("nothing here");
        }
    }

    @Test
    void aSecretThatIsSplitOverChunksIsFound() throws Exception {
        try (var stage = stage(policy("", Map.of(), full())); var client = stage.tunnel()) {
            client.send("POST /a HTTP/1.1\r\nHost: site.test:443\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "14\r\n" + SECRET.substring(0, 20) + "\r\n14\r\n" + SECRET.substring(20) + "\r\n0\r\n\r\n");
            var upstream = server.next();
            assertThat(upstream.head()).contains("Content-Length: " + CLEAN.length()).doesNotContain("chunked");
            assertThat(upstream.read(CLEAN.length())).isEqualTo(CLEAN);
        }
    }

    @Test
    void requestsOfAnEndpointWithoutRulesAreSeenToo() throws Exception {
        try (var stage = stage(policy("", Map.of(), NetworkEndpoint.plain("site.test", 443))); var client = stage.tunnel()) {
            client.send(post(SECRET));
            var upstream = server.next();
            upstream.head();
            assertThat(upstream.read(CLEAN.length())).isEqualTo(CLEAN);
        }
    }

    @Test
    void forwardedRequestsAreSeenToo() throws Exception {
        try (var stage = stage(policy("fail_open", Map.of(), NetworkEndpoint.plain("site.test", 80))); var client = stage.client()) {
            client.send("POST http://site.test/a HTTP/1.1\r\nHost: site.test\r\nContent-Length: " + SECRET.length() + "\r\n\r\n" + SECRET);
            var upstream = server.next();
            assertThat(upstream.head()).contains("Content-Length: " + CLEAN.length());
            assertThat(upstream.read(CLEAN.length())).isEqualTo(CLEAN);
        }
    }

    @Test
    void refusingNamesTheFormAndNotTheSecret() throws Exception {
        var config = Map.<String, ConfigValue>of("action", new ConfigValue.Text("refuse"));
        try (var stage = stage(policy("", config, full())); var client = stage.tunnel()) {
            client.send(post(SECRET));

            assertThat(client.rest()).startsWith("HTTP/1.1 403").contains("middleware_denied", "github_token").doesNotContain(SECRET);
            var verdict = stage.verdicts.all().getLast();
            assertThat(verdict.code()).contains(ReasonCode.MIDDLEWARE_DENIED);
            assertThat(verdict.reason()).doesNotContain(SECRET);
            assertThat(server.next().isClosedByPeer()).as("nothing of it reached the upstream").isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Encoding: gzip", "Content-Type: text/plain; charset=UTF-16"})
    void aBodyThatCannotBeReadIsRefusedUnlessTheMiddlewareMayFail(String field) throws Exception {
        try (var stage = stage(policy("fail_open", Map.of(), full())); var client = stage.tunnel()) {
            client.send(post(SECRET, field));
            var upstream = server.next();
            upstream.head();
            assertThat(upstream.read(SECRET.length())).as("it may fail").isEqualTo(SECRET);
        }
        try (var stage = stage(policy("fail_closed", Map.of(), full())); var client = stage.tunnel()) {
            client.send(post(SECRET, field));

            assertThat(client.rest()).startsWith("HTTP/1.1 403").contains("middleware_failed");
            assertThat(stage.verdicts.all().getLast().code()).contains(ReasonCode.MIDDLEWARE_FAILED);
            assertThat(server.next().isClosedByPeer()).isTrue();
        }
    }

    @Test
    void aBodyAboveTheLimitIsRefusedUnlessTheMiddlewareMayFail() throws Exception {
        var config = Map.<String, ConfigValue>of("max_body_bytes", new ConfigValue.Number(10));
        try (var stage = stage(policy("fail_open", config, full())); var client = stage.tunnel()) {
            client.send(post("12345678901"));
            var upstream = server.next();
            upstream.head();
            assertThat(upstream.read(11)).isEqualTo("12345678901");
        }
        try (var stage = stage(policy("", config, full())); var client = stage.tunnel()) {
            client.send(post("12345678901"));

            assertThat(client.rest()).startsWith("HTTP/1.1 403").contains("middleware_failed", "larger than 10 bytes");
        }
    }

    @Test
    void whatIsNoRequestPassesOnlyWhereTheMiddlewareMayFail() throws Exception {
        try (var stage = stage(policy("fail_open", Map.of(), NetworkEndpoint.plain("site.test", 443))); var client = stage.tunnel()) {
            client.send("\0\1\2 not http at all, not http at all");
            assertThat(server.next().read(3)).isEqualTo("\0\1\2");
        }
        try (var stage = stage(policy("", Map.of(), NetworkEndpoint.plain("site.test", 443))); var client = stage.tunnel()) {
            client.send("\0\1\2 not http at all, not http at all");
            assertThat(client.rest()).contains("403");
        }
    }

    @Test
    void tlsLeftAloneNeedsAMiddlewareThatMayFail() throws Exception {
        var skip = NetworkEndpoint.builder("site.test", 443).tls("skip").build();
        try (var stage = stage(policy("fail_open", Map.of(), skip)); var client = stage.tunnel()) {
            assertThat(server.next()).isNotNull();
        }
        try (var stage = stage(policy("", Map.of(), skip)); var client = stage.client()) {
            client.send("CONNECT site.test:443 HTTP/1.1\r\nHost: site.test:443\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 403").contains("middleware_required");
        }
    }

    @Test
    void anUpgradeNeedsAMiddlewareThatMayFail() throws Exception {
        var upgrade = "GET /a HTTP/1.1\r\nHost: site.test:443\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
        try (var stage = stage(policy("fail_open", Map.of(), full())); var client = stage.tunnel()) {
            client.send(upgrade);
            assertThat(server.next().head()).contains("Upgrade: websocket");
        }
        try (var stage = stage(policy("", Map.of(), full())); var client = stage.tunnel()) {
            client.send(upgrade);
            assertThat(client.rest()).startsWith("HTTP/1.1 403").contains("middleware_failed");
        }
    }
}
