package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.SslContext;
import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.RequestMatch;
import io.openshell.model.provider.CredentialEndpoint;
import io.openshell.proxy.credential.Credential;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.credential.SecretText;
import io.openshell.proxy.tls.UpstreamTrust;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class Http2TunnelTest {
    private static final String HOST = "rest.test";

    private Http2Server server;
    private Stage stage;

    @BeforeEach
    void start() throws Exception {
        server = new Http2Server(Certificates.INTERNET.serving(HOST, true));
        stage = new Stage(Policies.allowing(
                NetworkEndpoint.builder(HOST, 443).protocol("rest").enforcement("enforce").rules(List.of(
                        AllowRule.of(RequestMatch.http("GET", "/**")), AllowRule.of(RequestMatch.http("POST", "/echo")),
                        AllowRule.of(RequestMatch.http("POST", "/shop.Orders/List")))).build()));
        stage.server = server.address();
    }

    @AfterEach
    void stop() {
        stage.close();
        server.close();
    }

    private Http2Client client() throws Exception {
        return new Http2Client(stage.proxy.address(), HOST, believing());
    }

    private static SslContext believing() throws Exception {
        return UpstreamTrust.of(List.of(Certificates.SANDBOX.certificate())).eitherContext();
    }

    private static void proveAllowed(Http2Client client) throws Exception {
        var stream = client.new Stream("GET", HOST, "/a", true);
        assertThat(stream.next()).startsWith("head!").contains(":status: 200", "x-seen: /a");
    }

    @Test
    void everyStreamOfATunnelIsJudgedForItself() throws Exception {
        try (var client = client()) {
            assertThat(client.protocol()).isEqualTo("h2");
            proveAllowed(client);
            var denied = client.new Stream("DELETE", HOST, "/a", true);
            assertThat(denied.next()).startsWith("head ").contains(":status: 403", "x-openshell-policy: site");
            assertThat(denied.next()).startsWith("data! ").contains("policy_denied", "\"method\":\"DELETE\"", "decision_id");
            proveAllowed(client);
        }
        assertThat(server.requests).containsExactly("GET rest.test /a te=null", "GET rest.test /a te=null");
        assertThat(stage.verdicts.all()).extracting(VerdictLine::format).contains(
                "HTTP:DELETE [MED] DENIED /usr/bin/curl(12) -> DELETE https://rest.test:443/a [policy:site engine:l7]"
                        + " [reason:DELETE /a not permitted by policy]");
    }

    @Test
    void grpcPassesWithItsTrailersAndIsMatchedByPath() throws Exception {
        try (var client = client()) {
            var echo = client.new Stream("POST", HOST, "/echo", false, "content-type", "application/grpc", "te", "trailers");
            assertThat(echo.next()).startsWith("head ").contains(":status: 200");
            echo.send("one", false);
            assertThat(echo.next()).isEqualTo("data one");
            echo.send("two", true);
            assertThat(echo.next()).isEqualTo("data two");
            assertThat(echo.next()).startsWith("head! ").contains("grpc-status: 0");
            var listed = client.new Stream("POST", HOST, "/shop.Orders/List", true, "content-type", "application/grpc+proto");
            assertThat(listed.next()).contains(":status: 200", "x-seen: /shop.Orders/List");
            var denied = client.new Stream("POST", HOST, "/shop.Orders/Delete", false, "content-type", "application/grpc");
            assertThat(denied.next()).startsWith("head! ").contains(":status: 200", "grpc-status: 7",
                    "grpc-message: POST /shop.Orders/Delete not permitted by policy (decision ");
        }
        assertThat(server.requests).containsExactly("POST rest.test /echo te=trailers", "POST rest.test /shop.Orders/List te=null");
    }

    @Test
    void aStreamIsFilledInAndABodyWithAPlaceholderIsCutOff() throws Exception {
        stage.credentials = CredentialSet.of(List.of(new Credential("API_KEY", "model", 1, "ab".repeat(32),
                List.of(new CredentialEndpoint(HOST, 443, "")), Optional.empty(), Optional.of(new SecretText("planted")))));
        try (var client = client()) {
            var filled = client.new Stream("GET", HOST, "/k/openshell:resolve:env:API_KEY", true);
            assertThat(filled.next()).contains(":status: 200", "x-seen: /k/planted");
            var unknown = client.new Stream("GET", HOST, "/k", true, "x-key", "openshell:resolve:env:NOBODY");
            assertThat(unknown.next()).contains(":status: 500");
            var echo = client.new Stream("POST", HOST, "/echo", false);
            echo.send("openshell:resolve:", false);
            assertThat(echo.next()).startsWith("head ");
            assertThat(echo.next()).isEqualTo("data openshell:resolve:");
            echo.send("env:API_KEY", true);
            assertThat(echo.next()).startsWith("reset");
            proveAllowed(client);
        }
        assertThat(stage.verdicts.all().toString()).doesNotContain("planted", "API_KEY");
    }

    @Test
    void largeBodiesPassBothWaysWithinTheWindows() throws Exception {
        try (var client = client()) {
            var streams = new ArrayList<Http2Client.Stream>();
            for (int i = 0; i < 4; i++) {
                var stream = client.new Stream("POST", HOST, "/echo", false);
                for (int part = 0; part < 64; part++) {
                    stream.send(Unpooled.buffer().writeBytes(new byte[32 * 1024]), part == 63);
                }
                streams.add(stream);
            }
            for (var stream : streams) {
                assertThat(stream.next()).startsWith("head ");
                long total = 0;
                String line = stream.next();
                for (; line.startsWith("data "); line = stream.next()) {
                    total += line.length() - 5;
                }
                assertThat(total).isEqualTo(2 * 1024 * 1024);
                assertThat(line).startsWith("head! ");
            }
        }
    }

    @Test
    void aReloadEndsTheConnection() throws Exception {
        try (var client = client()) {
            var open = client.new Stream("GET", HOST, "/hang", true);
            assertThat(open.next()).startsWith("head ");
            stage.proxy.swap(Policies.nothing(), 2);
            Eventually.until("both sides are closed", () -> client.connection.contains("closed") && server.events.contains("closed"));
            assertThat(client.connection).contains("goaway");
        }
    }

    @Test
    void aClientThatLeavesAStreamIsToldToTheUpstream() throws Exception {
        try (var client = client()) {
            var open = client.new Stream("GET", HOST, "/hang", true);
            assertThat(open.next()).startsWith("head ");
            open.cancel();
            Eventually.until("the upstream knows", () -> server.events.contains("reset CANCEL"));
            proveAllowed(client);
        }
    }

    @Test
    void aStreamTheUpstreamResetsIsResetAndTheOthersGoOn() throws Exception {
        try (var client = client()) {
            var reset = client.new Stream("GET", HOST, "/reset", true);
            assertThat(reset.next()).isEqualTo("reset");
            proveAllowed(client);
        }
    }

    @Test
    void anUpstreamThatGoesIsTold() throws Exception {
        try (var client = client()) {
            proveAllowed(client);
            var last = client.new Stream("GET", HOST, "/leave", true);
            assertThat(last.next()).contains(":status: 200");
            Eventually.until("the client knows", () -> client.connection.contains("goaway"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "other.test, /a, x-a, b, 403", "rest.test, a, x-a, b, 400", "rest.test, /../a, x-a, b, 400", "rest.test, /a, host, other.test, 403",
        "rest.test, /a, transfer-encoding, chunked, 400", "rest.test, /a%00, x-a, b, 400"})
    void whatIsNotARequestOfThisTunnelIsRefused(String authority, String path, String name, String value, int status)
            throws Exception {
        try (var client = client()) {
            proveAllowed(client);
            var stream = client.new Stream("GET", authority, path, true, name, value);
            assertThat(stream.next()).containsAnyOf(":status: " + status, "reset");
        }
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void manyRequestsAtOnceAreAllAnswered() throws Exception {
        try (var client = client()) {
            var streams = new ArrayList<Http2Client.Stream>();
            for (int i = 0; i < 90; i++) {
                streams.add(client.new Stream("GET", HOST, "/s" + i, true));
            }
            for (int i = 0; i < 90; i++) {
                assertThat(streams.get(i).next()).contains("x-seen: /s" + i + "]").startsWith("head!");
            }
        }
    }

    @Test
    void aBodyThatDecidesIsJudgedBeforeAnythingIsSent() throws Exception {
        var viewer = new RequestMatch("", "", "", new TreeMap<>(), "query", "", List.of("viewer"), new TreeMap<>());
        stage.proxy.swap(Policies.allowing(NetworkEndpoint.builder(HOST, 443).protocol("graphql").enforcement("enforce")
                .rules(List.of(AllowRule.of(viewer))).build()), 2);
        try (var client = client()) {
            var good = client.new Stream("POST", HOST, "/echo", false, "content-type", "application/json");
            good.send("{\"query\":", false);
            good.send("\"{viewer}\"}", true);
            assertThat(good.next()).contains(":status: 200");
            assertThat(good.next()).isEqualTo("data {\"query\":\"{viewer}\"}");
            var bad = client.new Stream("POST", HOST, "/echo", false);
            bad.send("{\"query\":\"{repository}\"}", true);
            assertThat(bad.next()).contains(":status: 403");
            assertThat(bad.next()).contains("GraphQL operation query not permitted");
            var large = client.new Stream("POST", HOST, "/echo", false);
            large.send(" ".repeat(66_000), false);
            assertThat(large.next()).contains(":status: 403");
            assertThat(large.next()).contains("larger than 65536 bytes");
        }
        assertThat(server.requests).hasSize(1);
    }
}
