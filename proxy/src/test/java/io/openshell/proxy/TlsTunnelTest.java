package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.proxy.tls.SandboxAuthority;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TlsTunnelTest {
    private static final String ALLOWED = "GET /a HTTP/1.1\r\nHost: rest.test\r\n\r\n";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer();
        stage = new Stage(Policies.allowing(
                Policies.rest("rest.test", 443, "enforce"),
                NetworkEndpoint.plain("plain.test", 443),
                NetworkEndpoint.builder("skip.test", 443).tls("skip").build(),
                NetworkEndpoint.builder("blind.test", 443).protocol("rest").access("full").tls("skip").build()));
        stage.server = server.address();
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
        server.close();
    }

    private static Client tunnel(Stage stage, String host) throws IOException {
        var client = stage.client();
        client.send("CONNECT " + host + ":443 HTTP/1.1\r\nHost: " + host + ":443\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }

    /** Both ends of a tunnel whose TLS the proxy has terminated. */
    private record Terminated(Client client, Client upstream) implements AutoCloseable {
        SSLSocket tls() {
            return (SSLSocket) client.socket();
        }

        @Override
        public void close() throws IOException {
            client.close();
            upstream.close();
        }
    }

    private Terminated terminated(String host, SandboxAuthority upstreamAuthority) throws Exception {
        var plain = tunnel(stage, host);
        var socket = Certificates.asking(plain.socket(), Certificates.SANDBOX, host);
        var client = CompletableFuture.runAsync(() -> {
            try {
                socket.startHandshake();
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        });
        var upstream = Certificates.serving(server.next(), upstreamAuthority, host);
        ((SSLSocket) upstream.socket()).startHandshake();
        client.get(10, TimeUnit.SECONDS);
        return new Terminated(new Client(socket), upstream);
    }

    @Test
    void case151TlsIsTerminatedWithACertificateForTheHostOfTheTunnel() throws Exception {
        try (var both = terminated("rest.test", Certificates.INTERNET)) {
            var leaf = (X509Certificate) both.tls().getSession().getPeerCertificates()[0];
            leaf.verify(Certificates.SANDBOX.certificate().getPublicKey());
            assertThat(leaf.getSubjectAlternativeNames()).singleElement().satisfies(name -> assertThat(name.get(1)).isEqualTo("rest.test"));
            both.client().send(ALLOWED);
            assertThat(both.upstream().head()).isEqualTo(ALLOWED);
            both.upstream().send(ANSWER);
            assertThat(both.client().read(ANSWER.length())).isEqualTo(ANSWER);
            both.client().send("POST /a HTTP/1.1\r\nHost: rest.test\r\nContent-Length: 0\r\n\r\n");
            assertThat(both.client().rest()).startsWith("HTTP/1.1 403 ").contains("policy_denied", "\"method\":\"POST\"");
            assertThat(both.upstream().rest()).isEmpty();
        }
        assertThat(stage.verdicts.all()).extracting(VerdictLine::format).containsExactly(
                "NET:OPEN [INFO] ALLOWED /usr/bin/curl(12) -> rest.test:443 [policy:site engine:l4]",
                "HTTP:GET [INFO] ALLOWED /usr/bin/curl(12) -> GET https://rest.test:443/a [policy:site engine:l7]",
                "HTTP:POST [MED] DENIED /usr/bin/curl(12) -> POST https://rest.test:443/a [policy:site engine:l7]"
                        + " [reason:POST /a not permitted by policy]");
    }

    @Test
    void case152TlsToAnEndpointWithoutRulesIsTerminatedToo() throws Exception {
        try (var both = terminated("plain.test", Certificates.INTERNET)) {
            both.client().send("DELETE /x HTTP/1.1\r\nHost: plain.test\r\n\r\n");
            assertThat(both.upstream().head()).startsWith("DELETE /x HTTP/1.1\r\n");
            both.upstream().send(ANSWER);
            assertThat(both.client().read(ANSWER.length())).isEqualTo(ANSWER);
            both.client().send("GET /x HTTP/1.1\r\nHost: other.test\r\n\r\n");
            assertThat(both.client().rest()).contains("request_authority_mismatch");
        }
        assertThat(stage.verdicts.all()).extracting(VerdictLine::format).contains(
                "HTTP:DELETE [INFO] ALLOWED /usr/bin/curl(12) -> DELETE https://plain.test:443/x [policy:site engine:l4]");
    }

    @Test
    void otherProtocolsInsideTlsPassWhereNothingIsInspected() throws Exception {
        try (var both = terminated("plain.test", Certificates.INTERNET)) {
            both.upstream().send("220 ready\r\n");
            assertThat(both.client().read(11)).isEqualTo("220 ready\r\n");
            both.client().send("EHLO me\r\n");
            assertThat(both.upstream().read(9)).isEqualTo("EHLO me\r\n");
            ((SSLSocket) both.client().socket()).shutdownOutput();
            assertThat(both.upstream().rest()).isEmpty();
            both.upstream().close();
            assertThat(both.client().rest()).isEmpty();
        }
    }

    @Test
    void otherProtocolsInsideTlsAreRefusedWhereRulesAre() throws Exception {
        try (var both = terminated("rest.test", Certificates.INTERNET)) {
            both.client().send("\u0001\u0002\u0003");
            assertThat(both.client().rest()).contains("unsupported_l7_protocol");
            assertThat(both.upstream().rest()).isEmpty();
        }
    }

    @Test
    void case154Http11IsChosenEvenWhenTheClientPrefersHttp2() throws Exception {
        try (var both = terminated("rest.test", Certificates.INTERNET)) {
            assertThat(both.tls().getApplicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @Test
    void case155AnUpstreamNobodyVouchesForGetsNothing() throws Exception {
        terminated("rest.test", Certificates.INTERNET).close();
        try (var plain = tunnel(stage, "rest.test")) {
            var socket = Certificates.asking(plain.socket(), Certificates.SANDBOX, "rest.test");
            var client = CompletableFuture.runAsync(() -> assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class));
            var upstream = Certificates.serving(server.next(), Certificates.STRANGER, "rest.test");
            assertThatThrownBy(() -> {
                ((SSLSocket) upstream.socket()).startHandshake();
                if (upstream.socket().getInputStream().read() < 0) {
                    throw new SSLException("closed");
                }
            }).isInstanceOf(IOException.class);
            client.get(10, TimeUnit.SECONDS);
        }
        Eventually.until("a verdict", () -> stage.verdicts.all().getLast().code().isPresent());
        assertThat(stage.verdicts.all().getLast()).satisfies(verdict -> {
            assertThat(verdict.code()).contains(ReasonCode.TLS_UPSTREAM_UNTRUSTED);
            assertThat(verdict.allowed()).isFalse();
            assertThat(verdict.engine()).isEqualTo("tls");
        });
    }

    @Test
    void aCertificateForAnotherNameIsNotBelieved() throws Exception {
        terminated("rest.test", Certificates.INTERNET).close();
        try (var plain = tunnel(stage, "rest.test")) {
            var socket = Certificates.asking(plain.socket(), Certificates.SANDBOX, "rest.test");
            var client = CompletableFuture.runAsync(() -> assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class));
            var upstream = Certificates.serving(server.next(), Certificates.INTERNET, "other.test");
            assertThatThrownBy(() -> {
                ((SSLSocket) upstream.socket()).startHandshake();
                if (upstream.socket().getInputStream().read() < 0) {
                    throw new SSLException("closed");
                }
            }).isInstanceOf(IOException.class);
            client.get(10, TimeUnit.SECONDS);
        }
        Eventually.until("a verdict", () -> stage.verdicts.all().getLast().code().isPresent());
        assertThat(stage.verdicts.all().getLast().code()).contains(ReasonCode.TLS_UPSTREAM_UNTRUSTED);
    }

    @Test
    void aClientThatDoesNotBelieveTheSandboxsAuthorityIsOnRecord() throws Exception {
        terminated("rest.test", Certificates.INTERNET).close();
        try (var plain = tunnel(stage, "rest.test")) {
            var socket = Certificates.asking(plain.socket(), Certificates.STRANGER, "rest.test");
            var client = CompletableFuture.runAsync(() -> assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class));
            var upstream = Certificates.serving(server.next(), Certificates.INTERNET, "rest.test");
            ((SSLSocket) upstream.socket()).startHandshake();
            client.get(10, TimeUnit.SECONDS);
        }
        Eventually.until("a verdict", () -> stage.verdicts.all().getLast().code().isPresent());
        assertThat(stage.verdicts.all().getLast().code()).contains(ReasonCode.TLS_CLIENT_FAILED);
    }

    @Test
    void tlsThatIsToBeSkippedCannotBeJudgedAndIsRefusedWhereRulesAre() throws Exception {
        try (var client = tunnel(stage, "blind.test"); var upstream = server.next()) {
            client.send("\u0016\u0003\u0001hello");
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ").contains("unsupported_l7_protocol");
            assertThat(upstream.rest()).isEmpty();
        }
    }

    @Test
    void case156And157WithoutAnAuthorityOnlyEndpointsThatSkipTlsAreReached() throws Exception {
        var policy = Policies.allowing(NetworkEndpoint.plain("plain.test", 443),
                NetworkEndpoint.builder("skip.test", 443).tls("skip").build());
        try (var without = new Stage(policy, ProxyEventLoops.own(1), new TlsTermination.Impossible("test"))) {
            without.server = server.address();
            try (var client = tunnel(without, "skip.test"); var upstream = server.next()) {
                client.send("\u0016\u0003\u0001raw");
                assertThat(upstream.read(6)).isEqualTo("\u0016\u0003\u0001raw");
            }
            try (var client = without.client()) {
                client.send("CONNECT plain.test:443 HTTP/1.1\r\nHost: plain.test:443\r\n\r\n");
                assertThat(client.rest()).startsWith("HTTP/1.1 503 ").contains("tls_termination_unavailable");
            }
            assertThat(server.nobodyCame()).isTrue();
        }
    }

    @Test
    void aNewPolicyClosesATerminatedTunnel() throws Exception {
        try (var both = terminated("rest.test", Certificates.INTERNET)) {
            stage.proxy.swap(Policies.nothing(), 2);
            assertThat(both.client().rest()).isEmpty();
            assertThat(both.upstream().rest()).isEmpty();
        }
    }

    @Test
    void largeBodiesPassThroughTls() throws Exception {
        var bulk = "x".repeat(4 << 20);
        try (var both = terminated("rest.test", Certificates.INTERNET)) {
            both.client().send(ALLOWED);
            both.upstream().head();
            Thread.ofVirtual().start(() -> {
                try {
                    both.upstream().send("HTTP/1.1 200 OK\r\nContent-Length: " + bulk.length() + "\r\n\r\n" + bulk);
                } catch (IOException cut) {
                    throw new IllegalStateException(cut);
                }
            });
            both.client().head();
            assertThat(both.client().read(bulk.length())).hasSameSizeAs(bulk);
        }
    }
}
