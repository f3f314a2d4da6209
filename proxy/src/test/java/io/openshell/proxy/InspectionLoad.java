package io.openshell.proxy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLSocket;

/**
 * A rough measure of judged requests per second, run by hand: {@code InspectionLoad [tls] [connections] [seconds]}. Client, proxy
 * and server share the machine, so the figure is a lower bound.
 */
final class InspectionLoad {
    private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".getBytes();
    private static final byte[] REQUEST = ("GET /repos/a/issues?state=open HTTP/1.1\r\nHost: rest.test:443\r\nUser-Agent: load\r\n"
            + "Accept: */*\r\nAuthorization: Bearer abcdefghijklmnopqrstuvwxyz\r\n\r\n").getBytes();

    private InspectionLoad() {}

    public static void main(String[] words) throws Exception {
        boolean tls = words.length > 0 && words[0].equals("tls");
        int connections = words.length > 1 ? Integer.parseInt(words[1]) : 8;
        var time = Duration.ofSeconds(words.length > 2 ? Long.parseLong(words[2]) : 5);
        var done = new LongAdder();
        try (var server = new LoopbackServer();
                var stage = new Stage(Policies.allowing(Policies.rest("rest.test", 443, "enforce")))) {
            stage.server = server.address();
            stage.sink = verdict -> { };
            var ready = new CountDownLatch(connections);
            for (int i = 0; i < connections; i++) {
                var client = stage.client();
                client.send("CONNECT rest.test:443 HTTP/1.1\r\nHost: x\r\n\r\n");
                client.head();
                var upstream = server.next();
                Thread.ofPlatform().daemon().start(() -> serve(upstream, tls));
                Thread.ofPlatform().daemon().start(() -> ask(client, tls, ready, done));
            }
            ready.await(30, TimeUnit.SECONDS);
            TimeUnit.SECONDS.sleep(2);
            long before = done.sum();
            long used = loopNanos();
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
            long requests = done.sum() - before;
            System.out.println((tls ? "tls " : "clear ") + connections + " connections: " + requests / time.toSeconds()
                    + " requests/s, " + (loopNanos() - used) / Math.max(1, requests) / 1000 + " us of processor time of the proxy each");
        }
    }

    /** Processor time of the event loops, which other load on the machine does not change much. */
    private static long loopNanos() {
        var threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().startsWith("egress-loop")) {
                nanos += threads.getThreadCpuTime(id);
            }
        }
        return nanos;
    }

    private static void ask(Client plain, boolean tls, CountDownLatch ready, LongAdder done) {
        try {
            var client = tls ? new Client(Certificates.asking(plain.socket(), Certificates.SANDBOX, "rest.test")) : plain;
            ready.countDown();
            var answer = new byte[ANSWER.length];
            while (true) {
                client.socket().getOutputStream().write(REQUEST);
                if (client.socket().getInputStream().readNBytes(answer, 0, answer.length) < answer.length) {
                    return;
                }
                done.increment();
            }
        } catch (IOException | GeneralSecurityException over) {
            return;
        }
    }

    private static void serve(Client plain, boolean tls) {
        try {
            var client = tls ? Certificates.serving(plain, Certificates.INTERNET, "rest.test") : plain;
            if (tls) {
                ((SSLSocket) client.socket()).startHandshake();
            }
            var input = client.socket().getInputStream();
            int matched = 0;
            var buffer = new byte[4096];
            for (int read = input.read(buffer); read > 0; read = input.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    matched = buffer[i] == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : buffer[i] == '\r' ? 1 : 0;
                    if (matched == 4) {
                        matched = 0;
                        client.socket().getOutputStream().write(ANSWER);
                    }
                }
            }
        } catch (IOException | GeneralSecurityException over) {
            return;
        }
    }
}
