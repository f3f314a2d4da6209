package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.util.internal.PlatformDependent;
import io.openshell.model.policy.NetworkEndpoint;
import java.io.File;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What broken, slow and hostile peers do to a proxy: the right answer, nothing left behind, and another sandbox's connection on the
 * same threads that never notices. Every test looks at that neighbour before, during and after.
 */
final class RobustnessTest {
    private static final long MIB = 1024 * 1024;
    private static final ProxyLimits LIMITS = new ProxyLimits(
            600,
            Duration.ofMillis(400),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofMillis(1_500),
            Duration.ofSeconds(5));
    private static final String CONNECT = "CONNECT site.test:443 HTTP/1.1\r\nHost: site.test:443\r\n\r\n";

    private ProxyEventLoops loops;
    private LoopbackServer server;
    private Stage stage;
    private LoopbackServer neighbourServer;
    private Stage neighbourStage;
    private Client neighbour;
    private Client neighbourEnd;
    private int files;
    private long direct;

    @BeforeEach
    void start() throws Exception {
        loops = ProxyEventLoops.own(1);
        server = new LoopbackServer();
        neighbourServer = new LoopbackServer();
        stage = new Stage(Policies.allowing(Policies.rest("rest.test", 443, "enforce"), NetworkEndpoint.plain(
                "site.test", 443), NetworkEndpoint.plain("site.test", 80)), loops, Certificates.TERMINATION, LIMITS);
        stage.server = server.address();
        var patient = new ProxyLimits(8, LIMITS.head(), LIMITS.identification(), LIMITS.resolution(), LIMITS.dial(),
                LIMITS.handshake(), Duration.ofMinutes(5), LIMITS.swap());
        neighbourStage = new Stage(Policies.site(), loops, Certificates.TERMINATION, patient);
        neighbourStage.server = neighbourServer.address();
        neighbour = neighbourStage.tunnel();
        neighbourEnd = neighbourServer.next();
        neighbourWorks();
        // Whatever one connection makes once and for all is there before anything is counted.
        try (var first = stage.tunnel(); var end = server.next()) {
            first.send("hello there, this is not a request");
            assertThat(end.read(5)).isEqualTo("hello");
        }
        Eventually.until("nothing open", () -> stage.proxy.openTunnels() == 0);
        Eventually.until("files closed", this::isSettled);
        direct = directMemory();
    }

    private boolean isSettled() {
        int before = files;
        files = openFiles();
        return before == files;
    }

    @AfterEach
    void stop() throws Exception {
        neighbourWorks();
        Eventually.until("no tunnel left", () -> stage.proxy.openTunnels() == 0);
        Eventually.until("no file left open: " + files + " before", () -> openFiles() <= files + 1);
        assertThat(directMemory()).as("direct memory").isLessThan(direct + 32 * MIB);
        neighbour.close();
        neighbourEnd.close();
        neighbourStage.proxy.close();
        stage.close();
        server.close();
        neighbourServer.close();
    }

    /** What buffers outside the heap take, counted by Netty or by the JDK, whichever of them made them. */
    private static long directMemory() {
        long jdk = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
        long netty = Math.max(0, PlatformDependent.usedDirectMemory());
        assertThat(jdk + netty).as("there is something to count").isPositive();
        return jdk + netty;
    }

    private static int openFiles() {
        var list = new File("/proc/self/fd").list();
        return list == null ? 0 : list.length;
    }

    private void neighbourWorks() throws IOException {
        neighbour.send("are you there\n");
        assertThat(neighbourEnd.read(14)).isEqualTo("are you there\n");
        neighbourEnd.send("yes\n");
        assertThat(neighbour.read(4)).isEqualTo("yes\n");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("GET http://site.test/ HTTP/1.1\n\n", "400"),
                arguments("GET  http://site.test/ HTTP/1.1\r\n\r\n", "400"),
                arguments("GET http://site.test/ HTTP/2.0\r\n\r\n", "400"),
                arguments("GET http://site.test/ HTTP/1.1\r\nBad Name: x\r\n\r\n", "400"),
                arguments("GET http://site.test/ HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "400"),
                arguments("GET http://site.test/ HTTP/1.1\r\nA: \u0001\r\n\r\n", "400"),
                arguments("POST http://site.test/ HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
                arguments("POST http://site.test/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"),
                arguments("\u0016\u0003\u0001\0\u0010\0\0\0\0\0\0\0\0", "400"),
                arguments("CONNECT site.test HTTP/1.1\r\n\r\n", ""),
                arguments("CONNECT site.test:443 HTTP/1.1\r\nA: " + "x".repeat(9_000) + "\r\n\r\n", "431"),
                arguments("CONNECT site.test:443 HTTP/1.1\r\n" + "A: x\r\n".repeat(2_000) + "\r\n", "431"));
    }

    @ParameterizedTest
    @MethodSource
    void malformed(String bytes, String status) throws Exception {
        for (int i = 0; i < 20; i++) {
            try (var client = stage.client()) {
                client.send(bytes);
                assertThat(client.rest()).startsWith(status.isEmpty() ? "" : "HTTP/1.1 " + status).doesNotContain("200");
            }
        }
        assertThat(server.nobodyCame()).isTrue();
    }

    @Test
    void randomBytesAreRefusedAndLeaveNothing() throws Exception {
        var random = new Random(7);
        for (int i = 0; i < 100; i++) {
            try (var client = stage.client()) {
                var bytes = new byte[random.nextInt(3_000)];
                random.nextBytes(bytes);
                client.socket().getOutputStream().write(bytes);
                client.socket().shutdownOutput();
                assertThat(client.rest()).doesNotContain(" 200 ");
            } catch (SocketException reset) {
                continue;
            }
        }
        assertThat(server.nobodyCame()).isTrue();
    }

    @Test
    void aHeadThatTricklesInIsCutOffInTimeHoweverOftenAByteComes() throws Exception {
        try (var client = stage.client()) {
            var begun = System.nanoTime();
            try {
                for (int i = 0; i < CONNECT.length() * 40; i++) {
                    client.send("CONNECT site.test:443 HTTP/1.1\r\nA: b".substring(i % 30, i % 30 + 1));
                    LockSupport.parkNanos(10_000_000);
                }
            } catch (SocketException closed) {
                assertThat(System.nanoTime() - begun).isLessThan(Duration.ofSeconds(5).toNanos());
            }
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aBodyThatStopsComingEndsItsTunnelAfterTheIdleLimit() throws Exception {
        try (var client = stage.client()) {
            client.send("POST http://site.test/ HTTP/1.1\r\nHost: site.test\r\nContent-Length: 100\r\n\r\nonly this");
            var upstream = server.next();
            upstream.head();
            assertThat(upstream.read(9)).isEqualTo("only this");
            neighbourWorks();

            assertThat(upstream.isClosedByPeer()).isTrue();
            assertThat(client.rest()).doesNotContain("200");
            upstream.close();
        }
    }

    @Test
    void aReaderThatDoesNotReadHoldsItsSenderBackAndNotTheMemory() throws Exception {
        try (var client = stage.tunnel(); var upstream = server.next()) {
            var sent = new AtomicLong();
            var writing = Thread.ofVirtual().start(() -> {
                var block = new byte[64 * 1024];
                try {
                    while (sent.get() < 512 * MIB) {
                        upstream.socket().getOutputStream().write(block);
                        sent.addAndGet(block.length);
                    }
                } catch (IOException closed) {
                    return;
                }
            });
            var last = new AtomicLong(-1);
            Eventually.until("the sender waits", () -> {
                LockSupport.parkNanos(200_000_000);
                return sent.get() > 0 && last.getAndSet(sent.get()) == sent.get();
            });
            neighbourWorks();

        assertThat(sent.get()).as("what the kernel and the proxy hold").isLessThan(64 * MIB);
            assertThat(directMemory()).isLessThan(direct + 16 * MIB);
            writing.join(Duration.ofSeconds(20));
            assertThat(writing.isAlive()).as("the idle limit ends it").isFalse();
        }
    }

    @Test
    void aHalfClosedTunnelStillDeliversAndIsGoneAfterwards() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (var client = stage.tunnel(); var upstream = server.next()) {
                client.send("no request, just bytes for the other side");
                client.socket().shutdownOutput();
                assertThat(upstream.rest()).isEqualTo("no request, just bytes for the other side");
                upstream.send("late answer");
                upstream.socket().shutdownOutput();
                assertThat(client.rest()).isEqualTo("late answer");
            }
        }
    }

    @Test
    void aHalfClosedTunnelNobodyEndsIsClosedWhenItIsIdle() throws Exception {
        try (var client = stage.tunnel(); var upstream = server.next()) {
            client.socket().shutdownOutput();
            assertThat(upstream.rest()).isEmpty();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void hundredsOfIdleTunnelsCostLittleAndAllStillWork() throws Exception {
        int count = 300;
        var limits = new ProxyLimits(600, LIMITS.head(), LIMITS.identification(), LIMITS.resolution(), LIMITS.dial(),
                LIMITS.handshake(), Duration.ofMinutes(5), LIMITS.swap());
        List<Client> clients = new ArrayList<>();
        List<Client> ends = new ArrayList<>();
        var patient = new Stage(Policies.site(), loops, Certificates.TERMINATION, limits);
        try {
            patient.server = server.address();
            for (int i = 0; i < count; i++) {
                clients.add(patient.tunnel());
                ends.add(server.next());
            }
            assertThat(patient.proxy.openTunnels()).isEqualTo(count);
            assertThat((directMemory() - direct) / count).as("direct memory of one").isLessThan(64 * 1024);
            neighbourWorks();
            for (int i = 0; i < count; i++) {
                clients.get(i).send("number " + i + " is no request at all");
                assertThat(ends.get(i).read(("number " + i).length())).isEqualTo("number " + i);
            }
        } finally {
            for (var each : clients) {
                each.close();
            }
            for (var each : ends) {
                each.close();
            }
            Eventually.until("all are gone", () -> patient.proxy.openTunnels() == 0);
            patient.proxy.close();
        }
    }

    @Test
    void upstreamsThatResetEndTheirTunnelAndNothingElse() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (var client = stage.tunnel()) {
                var upstream = server.next();
                client.send("bytes that are not a request, to begin with");
                assertThat(upstream.read(5)).isEqualTo("bytes");
                upstream.socket().setSoLinger(true, 0);
                upstream.close();
                assertThat(client.rest()).isEmpty();
            }
        }
    }

    @Test
    void anUpstreamThatResetsInTheMiddleOfAnAnswerLeavesItIncomplete() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (var client = stage.client()) {
                client.send("GET http://site.test/ HTTP/1.1\r\nHost: site.test\r\n\r\n");
                var upstream = server.next();
                upstream.head();
                upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
                assertThat(client.head()).startsWith("HTTP/1.1 200");
                assertThat(client.read(4)).isEqualTo("part");
                upstream.socket().setSoLinger(true, 0);
                upstream.close();
                assertThat(client.rest()).isEmpty();
            }
        }
    }

    @Test
    void anAnswerWhoseHeadNeverEndsIsA502() throws Exception {
        try (var client = stage.client()) {
            client.send("GET http://site.test/ HTTP/1.1\r\nHost: site.test\r\n\r\n");
            var upstream = server.next();
            upstream.head();
            upstream.send("HTTP/1.1 200 OK\r\nA: " + "x".repeat(70_000));
            assertThat(client.rest()).startsWith("HTTP/1.1 502");
            upstream.close();
        }
    }

    @Test
    void aHeadWithinATunnelThatIsTooLongIsA400() throws Exception {
        try (var client = stage.client()) {
            client.send("CONNECT rest.test:443 HTTP/1.1\r\nHost: rest.test:443\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200");
            client.send("GET / HTTP/1.1\r\nHost: rest.test:443\r\nA: " + "x".repeat(17_000));
            assertThat(client.rest()).startsWith("HTTP/1.1 400");
            server.next().close();
        }
    }

    @Test
    void muchThatIsSentBeforeTheDecisionWaitsInTheKernelAndArrives() throws Exception {
        var decided = new CompletableFuture<Identified>();
        stage.callers = (workload, proxy) -> decided;
        try (var client = stage.client()) {
            var data = "early and not a request\n".repeat(200_000);
            var writing = Thread.ofVirtual().start(() -> {
                try {
                    client.send(CONNECT + data);
                } catch (IOException closed) {
                    return;
                }
            });
            LockSupport.parkNanos(300_000_000);
            assertThat(directMemory()).isLessThan(direct + 16 * MIB);
            assertThat(server.nobodyCame()).as("nothing leaves before it is allowed").isTrue();
            neighbourWorks();
            decided.complete(Stage.CURL);

            try (var upstream = server.next()) {
                assertThat(upstream.read(data.length())).isEqualTo(data);
            }
            writing.join(Duration.ofSeconds(10));
        }
    }

    @Test
    void dataSentBeforeARefusalNeverLeaves() throws Exception {
        try (var client = stage.client()) {
            client.send("CONNECT other.test:443 HTTP/1.1\r\nHost: other.test:443\r\n\r\nsecret" + "x".repeat(100_000));
            assertThat(client.rest()).startsWith("HTTP/1.1 403");
            assertThat(server.nobodyCame()).isTrue();
        }
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("callers", "403"), arguments("resolver", "403"), arguments("sink", "503"), arguments("dialer", "403"), arguments("error in resolver", "403"));
    }

    @ParameterizedTest
    @MethodSource
    void faults(String where, String status) throws Exception {
        switch (where) {
            case "callers" -> stage.callers = (workload, proxy) -> {
                throw new StackOverflowError("in identification");
            };
            case "resolver" -> stage.resolver = host -> {
                throw new IllegalStateException("in the look-up");
            };
            case "error in resolver" -> stage.resolver = host -> {
                throw new NoClassDefFoundError("in the look-up");
            };
            case "dialer" -> stage.server = null;
            default -> stage.sink = verdict -> {
                throw new IllegalStateException("in the log");
            };
        }
        for (int i = 0; i < 10; i++) {
            try (var client = stage.client()) {
                client.send(CONNECT);
                assertThat(client.rest()).startsWith("HTTP/1.1 " + status);
            }
            neighbourWorks();
        }
        Eventually.until("no tunnel left", () -> stage.proxy.openTunnels() == 0);
        stage.callers = (workload, proxy) -> CompletableFuture.completedStage(Stage.CURL);
        stage.resolver = host -> CompletableFuture.completedStage(List.of(Stage.PUBLIC));
        stage.sink = stage.verdicts;
        stage.server = server.address();
        try (var client = stage.tunnel()) {
            client.send("it works again, which is no request");
            assertThat(firstWord()).isEqualTo("it");
        }
    }

    /** What the first upstream says that was not closed at once: of those dialled before a fault, nothing comes. */
    private String firstWord() throws Exception {
        while (true) {
            try (var upstream = server.next()) {
                var word = upstream.read(2);
                if (!word.isEmpty()) {
                    return word;
                }
            } catch (SocketException reset) {
                continue;
            }
        }
    }

    private void drain() throws Exception {
        while (!server.nobodyCame()) {
            server.next().close();
        }
    }

    @Test
    void clientsThatVanishAtAnyMomentLeaveNothing() throws Exception {
        var whole = (CONNECT + "some bytes that are no request").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < whole.length; i++) {
            var socket = new Socket(InetAddress.getLoopbackAddress(), stage.proxy.address().getPort());
            socket.getOutputStream().write(whole, 0, i);
            socket.setSoLinger(true, 0);
            socket.close();
        }
        Eventually.until("no tunnel left", () -> stage.proxy.openTunnels() == 0);
        drain();
    }
}
