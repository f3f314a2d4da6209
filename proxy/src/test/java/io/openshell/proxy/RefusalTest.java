package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.egress.Caller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RefusalTest {
    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void startWithWhatIsAllowed() throws IOException {
        server = new LoopbackServer();
        stage = new Stage(Policies.allowing(
                NetworkEndpoint.plain("site.test", 443),
                NetworkEndpoint.plain("*.wild.test", 443),
                NetworkEndpoint.builder("sql.test", 443).protocol("sql").access("full").enforcement("audit")
                        .build()));
        stage.server = server.address();
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
        server.close();
    }

    private String connect(String target) throws IOException {
        try (var client = stage.client()) {
            client.send("CONNECT " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
            return client.rest();
        }
    }

    /** Shows that the same request passes before something about it is made wrong. */
    private void proveAllowed() throws IOException, InterruptedException {
        int before = stage.verdicts.all().size();
        stage.tunnel().close();
        server.next().close();
        assertThat(stage.verdicts.all()).hasSize(before + 1);
        assertThat(stage.verdicts.all().getLast().allowed()).isTrue();
    }

    private Verdict refusal() {
        Eventually.until("a second verdict", () -> stage.verdicts.all().size() == 2);
        var verdict = stage.verdicts.all().getLast();
        assertThat(verdict.allowed()).isFalse();
        return verdict;
    }

    @Test
    void unlistedHostGetsPolicyDeniedWithReasonAndDecisionId() throws Exception {
        proveAllowed();
        var reply = connect("other.test:443");
        var verdict = refusal();
        assertThat(reply)
                .startsWith("HTTP/1.1 403 Forbidden\r\n")
                .contains("Content-Type: application/json\r\n", "Content-Length: ", "Connection: close\r\n")
                .contains("{\"error\":\"policy_denied\",\"detail\":\"CONNECT other.test:443 not permitted by policy\",\"reason\":\"")
                .contains("\"decision_id\":\"" + verdict.decisionId() + "\"}");
        assertThat(verdict.code()).contains(ReasonCode.ENDPOINT_NOT_ALLOWED);
        assertThat(VerdictLine.format(verdict))
                .startsWith("NET:OPEN [MED] DENIED /usr/bin/curl(12) -> other.test:443 [policy:- engine:l4] [reason:");
        assertThat(stage.lookedUp).doesNotContain("other.test");
    }

    @Test
    void case054AnotherBinaryIsDenied() throws Exception {
        proveAllowed();
        stage.callers = (w, p) -> CompletableFuture.completedStage(
                new Identified.Known(13, new Caller("/usr/bin/wget", List.of(), List.of(Policies.CURL))));
        assertThat(connect("site.test:443")).startsWith("HTTP/1.1 403 ").contains("policy_denied", "/usr/bin/wget");
        assertThat(refusal().code()).contains(ReasonCode.BINARY_NOT_ALLOWED);
    }

    @Test
    void case077AnUnknownCallerIsDenied() throws Exception {
        proveAllowed();
        stage.callers = (w, p) -> CompletableFuture.completedStage(
                new Identified.Unknown(ReasonCode.IDENTITY_AMBIGUOUS, "two programs hold it"));
        assertThat(connect("site.test:443")).startsWith("HTTP/1.1 403 ").contains("two programs hold it");
        assertThat(refusal().code()).contains(ReasonCode.IDENTITY_AMBIGUOUS);
    }

    @Test
    void throwingIdentificationIsDenied() throws Exception {
        proveAllowed();
        stage.callers = (w, p) -> {
            throw new IllegalStateException("broken");
        };
        assertThat(connect("site.test:443")).startsWith("HTTP/1.1 403 ");
        assertThat(refusal().code()).contains(ReasonCode.IDENTITY_UNKNOWN);
    }

    @Test
    void identificationThatNeverAnswersIsDeniedInTime() throws Exception {
        proveAllowed();
        stage.callers = (w, p) -> new CompletableFuture<>();
        assertThat(connect("site.test:443")).startsWith("HTTP/1.1 403 ").contains("too long");
        assertThat(refusal().code()).contains(ReasonCode.IDENTITY_UNKNOWN);
    }

    @Test
    void endpointThatNeedsAnInspectionThatIsMissingIsDenied() throws Exception {
        proveAllowed();
        assertThat(connect("sql.test:443")).startsWith("HTTP/1.1 403 ").contains("unsupported_l7_protocol", "statements are not read");
        assertThat(refusal().code()).contains(ReasonCode.PROTOCOL_UNSUPPORTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1", "0.0.0.0"})
    void nameThatResolvesToAnAlwaysBlockedAddressIsDenied(String address) throws Exception {
        proveAllowed();
        stage.resolver = host -> CompletableFuture.completedStage(List.of(Stage.PUBLIC, Stage.address(address)));
        int dialled = stage.dialled.size();
        assertThat(connect("site.test:443"))
                .startsWith("HTTP/1.1 403 ").contains("\"error\":\"ssrf_denied\"", "CONNECT site.test:443 blocked: ");
        assertThat(refusal().engine()).isEqualTo("ssrf");
        assertThat(stage.dialled).hasSize(dialled);
    }

    @Test
    void internalAddressBehindAWildcardHostIsDeniedButAllowedForADeclaredOne() throws Exception {
        stage.resolver = host -> CompletableFuture.completedStage(List.of(Stage.address("10.0.0.5")));
        proveAllowed();
        assertThat(connect("a.wild.test:443")).contains("ssrf_denied", "internal address");
        assertThat(refusal().code()).contains(ReasonCode.SSRF_INTERNAL_ADDRESS);
    }

    @Test
    void nameWithoutAddressIsDenied() throws Exception {
        proveAllowed();
        stage.resolver = host -> CompletableFuture.failedStage(new java.net.UnknownHostException(host));
        assertThat(connect("site.test:443")).startsWith("HTTP/1.1 403 ").contains("ssrf_denied");
        assertThat(refusal().code()).contains(ReasonCode.SSRF_UNRESOLVED);
    }

    @Test
    void lookUpThatNeverAnswersIsDeniedInTime() throws Exception {
        proveAllowed();
        stage.resolver = host -> new CompletableFuture<>();
        assertThat(connect("site.test:443")).startsWith("HTTP/1.1 403 ").contains("ssrf_denied");
        refusal();
    }

    @ParameterizedTest
    @ValueSource(strings = {"policy.local:80", "POLICY.LOCAL.:80", "inference.local.:443"})
    void localNamesAreNoTunnels(String target) throws Exception {
        proveAllowed();
        assertThat(connect(target)).startsWith("HTTP/1.1 403 ").contains("not available");
        refusal();
    }

    @ParameterizedTest
    @ValueSource(strings = {"inference.local:443", "INFERENCE.LOCAL:443"})
    void inferenceLocalLeadsNowhereWithoutARoute(String target) throws Exception {
        proveAllowed();
        assertThat(connect(target)).startsWith("HTTP/1.1 503 ").contains("no route is set");
        refusal();
    }

    @Test
    void unreachableUpstreamIsToldBeforeAnyTunnelIsConfirmed() throws Exception {
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            stage.server = (java.net.InetSocketAddress) unused.getLocalSocketAddress();
        }
        assertThat(connect("site.test:443")).startsWith("HTTP/1.1 502 ").contains("\"error\":\"upstream_unreachable\"");
        assertThat(stage.verdicts.only().reason()).startsWith("upstream_unreachable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"site.test", "site.test:", "site.test:x", "site.test:70000", "::1:443", "u@site.test:443", ":443"})
    void case073ConnectWithoutAUsableAuthorityIsDroppedWithoutAnAnswer(String target) throws Exception {
        proveAllowed();
        assertThat(connect(target)).isEmpty();
        assertThat(refusal().engine()).isEqualTo("http-parser");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "CONNECT site.test:443 HTTP/1.1\nHost: x\n\n",
        "CONNECT  site.test:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT site.test:443 HTTP/2.0\r\nHost: x\r\n\r\n",
        "CONNECT site.test:443 HTTP/1.1\r\n\r\n",
        "CONNECT site.test:443 HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
        "CONNECT site.test:443 HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
        "CONNECT site.test:443 HTTP/1.1\r\nHost : x\r\n\r\n",
        "POST http://site.test/ HTTP/1.1\r\nHost: site.test\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET /local HTTP/1.1\r\nHost: x\r\n\r\n",
        "\u0016\u0003\u0001"
    })
    void malformedHeadGetsABare400(String head) throws Exception {
        proveAllowed();
        try (var client = stage.client()) {
            client.send(head);
            assertThat(client.rest()).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n");
        }
        assertThat(refusal().engine()).isEqualTo("http-parser");
    }

    @Test
    void case074AHeadOf8192BytesPassesAndOneMoreGetsA431() throws Exception {
        var start = "CONNECT site.test:443 HTTP/1.1\r\nHost: x\r\nPad: ";
        var pad = "p".repeat(8192 - start.length() - 4);
        try (var client = stage.client()) {
            client.send(start + pad + "\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        }
        try (var client = stage.client()) {
            client.send(start + pad + "p\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 431 ").endsWith("\r\n\r\n");
        }
        refusal();
    }

    @Test
    void verdictThatCannotBeRecordedStopsAnAllowedTunnel() throws Exception {
        proveAllowed();
        stage.sink = verdict -> {
            throw new IllegalStateException("the log is full");
        };
        assertThat(connect("site.test:443")).startsWith("HTTP/1.1 503 ").contains("verdict_not_recorded");
        Eventually.until("no tunnel", () -> stage.proxy.openTunnels() == 0);
    }

    @Test
    void clientThatLeavesBeforeTheDecisionLeavesOneVerdict() throws Exception {
        var answer = new CompletableFuture<List<InetAddress>>();
        stage.resolver = host -> answer;
        try (var client = stage.client()) {
            client.send("CONNECT site.test:443 HTTP/1.1\r\nHost: x\r\n\r\n");
            Eventually.until("the look-up", () -> !stage.lookedUp.isEmpty());
            client.socket().setSoLinger(true, 0);
        }
        assertThat(stage.verdicts.only().allowed()).isFalse();
    }
}
