package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.NetworkEndpoint;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TunnelTest {
    private static final int BULK = 64 << 20;

    /** Connections that a swap cut while a client was talking, which is what a swap is for. */
    private final Queue<IOException> cuts = new ConcurrentLinkedQueue<>();

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

    @Test
    void allowedTunnelCarriesBytesBothWays() throws Exception {
        try (var client = stage.tunnel(); var upstream = server.next()) {
            client.send("ping");
            assertThat(upstream.read(4)).isEqualTo("ping");
            upstream.send("pong");
            assertThat(client.read(4)).isEqualTo("pong");
        }
        var verdict = stage.verdicts.only();
        assertThat(VerdictLine.format(verdict))
                .isEqualTo("NET:OPEN [INFO] ALLOWED /usr/bin/curl(12) -> site.test:443 [policy:site engine:l4]");
        assertThat(stage.dialled).hasSize(1).first().satisfies(a -> assertThat(a.getAddress()).isEqualTo(Stage.PUBLIC));
        assertThat(stage.lookedUp).containsExactly("site.test");
    }

    @Test
    void bytesSentTogetherWithTheHeadReachTheUpstream() throws Exception {
        try (var client = stage.client()) {
            client.send("CONNECT site.test:443 HTTP/1.1\r\nHost: site.test\r\n\r\nearly");
            try (var upstream = server.next()) {
                assertThat(upstream.read(5)).isEqualTo("early");
            }
        }
    }

    @Test
    void case153TlsIsLeftAloneWhereItIsToBeSkipped() throws Exception {
        var skipping = NetworkEndpoint.builder("site.test", 443).tls("skip").build();
        try (var open = new Stage(Policies.allowing(skipping))) {
            open.server = server.address();
            try (var client = open.tunnel(); var upstream = server.next()) {
                client.send("\u0016\u0003\u0001hello");
                assertThat(upstream.read(8)).isEqualTo("\u0016\u0003\u0001hello");
            }
        }
    }

    @Test
    void endOfOneDirectionLeavesTheOtherOpen() throws Exception {
        try (var client = stage.tunnel(); var upstream = server.next()) {
            client.send("request");
            client.socket().shutdownOutput();
            assertThat(upstream.rest()).isEqualTo("request");
            upstream.send("answer");
            upstream.socket().shutdownOutput();
            assertThat(client.rest()).isEqualTo("answer");
        }
        Eventually.until("the tunnel is gone", () -> stage.proxy.openTunnels() == 0);
    }

    @Test
    void endOfInputThatArrivesBeforeTheDecisionIsPassedOn() throws Exception {
        try (var client = stage.client()) {
            client.send("CONNECT site.test:443 HTTP/1.1\r\nHost: site.test\r\n\r\nearly");
            client.socket().shutdownOutput();
            try (var upstream = server.next()) {
                assertThat(upstream.rest()).isEqualTo("early");
                upstream.send("answer");
            }
            assertThat(client.rest()).endsWith("\r\n\r\nanswer");
        }
    }

    @RepeatedTest(6)
    void bulkArrivesUnchangedInBothDirectionsAtOnce() throws Exception {
        carriesBulk(stage);
    }

    @Test
    void bulkArrivesUnchangedOnTheJdkTransport() throws Exception {
        try (var portable = new Stage(Policies.site(), ProxyEventLoops.portable(2))) {
            portable.server = server.address();
            carriesBulk(portable);
        }
    }

    private void carriesBulk(Stage through) throws Exception {
        try (var client = through.tunnel(); var upstream = server.next()) {
            var up = started(() -> sent(client, 1));
            var down = started(() -> sent(upstream, 2));
            var gotUp = started(() -> received(upstream));
            assertThat(received(client)).isEqualTo(down.get(50, TimeUnit.SECONDS));
            assertThat(gotUp.get(50, TimeUnit.SECONDS)).isEqualTo(up.get(50, TimeUnit.SECONDS));
        }
    }

    /** A thread each: the common pool of a small machine would run them one after the other. */
    private static CompletableFuture<byte[]> started(Supplier<byte[]> work) {
        return CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
    }

    private static byte[] sent(Client peer, long seed) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var out = new DigestOutputStream(peer.socket().getOutputStream(), digest);
            var random = new Random(seed);
            var block = new byte[65_521];
            for (int left = BULK; left > 0; left -= block.length) {
                random.nextBytes(block);
                out.write(block, 0, Math.min(left, block.length));
            }
            peer.socket().shutdownOutput();
            return digest.digest();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static byte[] received(Client peer) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            long count = new DigestInputStream(peer.socket().getInputStream(), digest)
                    .transferTo(OutputStream.nullOutputStream());
            assertThat(count).isEqualTo(BULK);
            return digest.digest();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void case175ASwapClosesWhatAnOlderGenerationAllowedBeforeItReturns() throws Exception {
        try (var client = stage.tunnel(); var upstream = server.next()) {
            stage.proxy.swap(Policies.nothing(), 2);
            assertThat(stage.proxy.openTunnels()).isZero();
            assertThat(stage.proxy.generation()).isEqualTo(2);
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(upstream.isClosedByPeer()).isTrue();
        }
        try (var client = stage.client()) {
            client.send("CONNECT site.test:443 HTTP/1.1\r\nHost: site.test\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 403 ");
        }
        assertThat(stage.verdicts.all()).hasSize(2).last()
                .satisfies(v -> assertThat(v.code()).contains(ReasonCode.NO_NETWORK_POLICY));
    }

    @Test
    void swapToAnOlderGenerationIsIgnored() throws Exception {
        stage.proxy.swap(Policies.site(), 5);
        try (var client = stage.tunnel()) {
            stage.proxy.swap(Policies.nothing(), 4);
            assertThat(stage.proxy.generation()).isEqualTo(5);
            assertThat(stage.proxy.openTunnels()).isEqualTo(1);
            assertThat(client.socket().isConnected()).isTrue();
        }
    }

    @Test
    void swapDuringADecisionRefusesItAsStale() throws Exception {
        var answer = new CompletableFuture<List<InetAddress>>();
        stage.resolver = host -> answer;
        try (var client = stage.client()) {
            client.send("CONNECT site.test:443 HTTP/1.1\r\nHost: site.test\r\n\r\n");
            Eventually.until("the look-up", () -> !stage.lookedUp.isEmpty());
            stage.proxy.swap(Policies.site(), 2);
            answer.complete(List.of(Stage.PUBLIC));
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ").contains("policy changed");
        }
        assertThat(stage.verdicts.only().code()).contains(ReasonCode.STALE_POLICY);
        assertThat(stage.dialled).isEmpty();
    }

    @RepeatedTest(10)
    void noTunnelOfAnOlderGenerationSurvivesASwapUnderLoad() throws Exception {
        var opened = new AtomicInteger();
        var stop = new AtomicBoolean();
        var clients = Stream.generate(() -> Thread.startVirtualThread(() -> keepConnecting(opened, stop)))
                .limit(4)
                .toList();
        Eventually.until("some tunnels", () -> opened.get() > 20);
        stage.proxy.swap(Policies.nothing(), 2);
        // Whatever was allowed had its verdict and was closed before the swap returned.
        long allowed = stage.verdicts.all().stream().filter(Verdict::allowed).count();
        stop.set(true);
        for (var client : clients) {
            client.join();
        }
        Eventually.until("no tunnel", () -> stage.proxy.openTunnels() == 0);
        assertThat(stage.verdicts.all()).filteredOn(Verdict::allowed)
                .hasSize((int) allowed)
                .allMatch(v -> v.generation() == 1);
    }

    /** Opens tunnels and resets them, so that both sides go without the server's help. */
    private void keepConnecting(AtomicInteger opened, AtomicBoolean stop) {
        while (!stop.get()) {
            try (var client = stage.client()) {
                client.send("CONNECT site.test:443 HTTP/1.1\r\nHost: site.test\r\n\r\n");
                if (client.head().startsWith("HTTP/1.1 200 ")) {
                    opened.incrementAndGet();
                }
                client.socket().setSoLinger(true, 0);
            } catch (IOException cut) {
                cuts.add(cut);
            }
        }
    }

    @Test
    void closeEndsTunnelsAndStopsListening() throws Exception {
        try (var client = stage.tunnel()) {
            stage.proxy.close();
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(connects()).isFalse();
        }
    }

    private boolean connects() throws IOException {
        try (var client = stage.client()) {
            return client.socket().isConnected();
        } catch (SocketException refused) {
            return false;
        }
    }

    @Test
    void oneConnectionOverTheBoundGetsA503() throws Exception {
        var open = new ArrayList<Client>();
        try {
            for (int i = 0; i < Stage.LIMITS.connections(); i++) {
                open.add(stage.tunnel());
            }
            try (var extra = stage.client()) {
                assertThat(extra.rest()).startsWith("HTTP/1.1 503 ");
            }
        } finally {
            for (var client : open) {
                client.close();
                server.next().close();
            }
        }
        Eventually.until("room again", () -> stage.proxy.openTunnels() == 0);
        stage.tunnel().close();
    }
}
