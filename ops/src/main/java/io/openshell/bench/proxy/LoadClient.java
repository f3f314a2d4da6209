package io.openshell.bench.proxy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Sends requests and tells how long they took. Reads one command per line and answers each with one line: {@code ok COUNT SECONDS}
 * and some of the durations in microseconds, or {@code failed REASON}. It needs nothing but Java, so that it runs in any sandbox.
 *
 * <p>{@code connect|keep WHERE CALLERS MILLIS}: each caller opens a connection for every request, or one for all of its requests.
 * {@code bulk WHERE MEBIBYTES}: one answer of that size. {@code hold WHERE COUNT}: opens tunnels and leaves them open until
 * {@code drop}. WHERE is {@code PROXY:PORT HOST:PORT tls|plain}, with {@code -} for no proxy.
 */
public final class LoadClient {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int MOST_SHOWN = 4_000;
    private static final int BUFFER = 64 * 1024;
    private static final byte[] END = {'\r', '\n', '\r', '\n'};

    private static final AtomicInteger NEXT = new AtomicInteger();

    private final List<Socket> held = new ArrayList<>();

    private LoadClient() {}

    /** Performs the command it is started with and then waits, or serves commands, until its input ends. */
    public static void main(String[] arguments) throws IOException {
        var client = new LoadClient();
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        if (arguments.length > 0) {
            System.out.println(client.answer(arguments));
            while (System.in.read() >= 0) {
                continue;
            }
            return;
        }
        System.out.println("ready");
        for (var line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(client.answer(line.split(" ")));
        }
    }

    private String answer(String[] words) {
        try {
            return perform(words);
        } catch (Exception failure) {
            return "failed " + String.valueOf(failure).replace('\n', ' ').replace('\r', ' ');
        }
    }

    private String perform(String[] words) throws Exception {
        switch (words[0]) {
            case "connect" -> {
                var to = Target.of(words);
                return all(Integer.parseInt(words[4]), start -> connects(to, start), words[5]);
            }
            case "keep" -> {
                var to = Target.of(words);
                return all(Integer.parseInt(words[4]), start -> keeps(to, start), words[5]);
            }
            case "bulk" -> {
                return bulk(Target.of(words), Long.parseLong(words[4]));
            }
            case "hold" -> {
                return hold(Target.of(words), Integer.parseInt(words[4]));
            }
            case "drop" -> {
                for (var socket : held) {
                    socket.close();
                }
                held.clear();
                return "ok 0 0";
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    /** Where requests go. */
    private record Target(String proxy, int proxyPort, String host, int port, boolean tls) {
        static Target of(String[] words) {
            var to = words[2].split(":");
            var proxy = words[1].equals("-") ? to : words[1].split(":");
            return new Target(words[1].equals("-") ? "" : proxy[0], Integer.parseInt(proxy[1]), to[0], Integer.parseInt(to[1]),
                    words[3].equals("tls"));
        }

        byte[] get(String path) {
            return ("GET " + path + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\nUser-Agent: load\r\nAccept: */*\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        Socket open() throws IOException, GeneralSecurityException {
            var socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            // A port is not used again for a minute after its connection to the same place; other addresses have ports of their own.
            socket.bind(new InetSocketAddress("127.0.0." + (1 + NEXT.getAndIncrement() % 200), 0));
            socket.connect(new InetSocketAddress(proxy.isEmpty() ? host : proxy, proxyPort), TIMEOUT_MILLIS);
            if (!proxy.isEmpty()) {
                socket.getOutputStream().write(("CONNECT " + host + ":" + port + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                var head = new byte[512];
                int n = 0;
                while (!endsHead(head, n)) {
                    int more = socket.getInputStream().read(head, n, 1);
                    if (more < 0 || n == head.length - 1) {
                        throw new IOException("no tunnel: " + new String(head, 0, n, StandardCharsets.US_ASCII));
                    }
                    n += more;
                }
                if (head[9] != '2') {
                    throw new IOException("no tunnel: " + new String(head, 0, n, StandardCharsets.US_ASCII));
                }
            }
            return tls ? believing().getSocketFactory().createSocket(socket, host, port, true) : socket;
        }
    }

    private static boolean endsHead(byte[] head, int n) {
        return n >= 4 && head[n - 4] == '\r' && head[n - 3] == '\n' && head[n - 2] == '\r' && head[n - 1] == '\n';
    }

    private static volatile SSLContext trusting;

    /** Believes everybody: who vouches for whom differs among the proxies measured and must not make a difference in time. */
    private static SSLContext believing() throws GeneralSecurityException {
        var known = trusting;
        if (known == null) {
            known = SSLContext.getInstance("TLS");
            known.init(null, new TrustManager[] {new AnyCertificate()}, null);
            trusting = known;
        }
        return known;
    }

    /** What one caller measured, nanoseconds. */
    private record Done(long[] nanos, int count) {}

    /** Lets all callers begin together, once each has what it needs. */
    private record Start(CyclicBarrier together, long nanos) {
        /** Returns the moment of {@link System#nanoTime} to end at. */
        long begin() throws Exception {
            together.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            return System.nanoTime() + nanos;
        }
    }

    /** The work of one caller. */
    private interface Work {
        Done from(Start start) throws Exception;
    }

    private static String all(int callers, Work work, String millis) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            var begun = new long[1];
            var start = new Start(new CyclicBarrier(callers, () -> begun[0] = System.nanoTime()),
                    TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis)));
            List<Callable<Done>> calls = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                calls.add(() -> work.from(start));
            }
            List<Done> done = new ArrayList<>();
            for (Future<Done> each : threads.invokeAll(calls)) {
                done.add(each.get());
            }
            return told(done, System.nanoTime() - begun[0]);
        } finally {
            threads.shutdownNow();
        }
    }

    private static String told(List<Done> done, long nanos) {
        long count = done.stream().mapToLong(Done::count).sum();
        var text = new StringBuilder("ok " + count + " " + nanos / 1e9);
        long every = Math.max(1, count / MOST_SHOWN);
        long at = 0;
        for (var each : done) {
            for (int i = 0; i < each.count(); i++) {
                if (at++ % every == 0) {
                    text.append(' ').append(each.nanos()[i] / 1000);
                }
            }
        }
        return text.toString();
    }

    private static Done connects(Target to, Start start) throws Exception {
        long end = start.begin();
        var nanos = new long[1 << 16];
        int count = 0;
        var request = to.get("/repos/1k");
        var buffer = new byte[BUFFER];
        for (long begun = System.nanoTime(); begun < end && count < nanos.length; begun = System.nanoTime()) {
            try (var socket = to.open()) {
                exchange(socket, request, buffer);
            }
            nanos[count++] = System.nanoTime() - begun;
        }
        return new Done(nanos, count);
    }

    private static Done keeps(Target to, Start start) throws Exception {
        var nanos = new long[1 << 16];
        int count = 0;
        var request = to.get("/repos/1k");
        var buffer = new byte[BUFFER];
        try (var socket = to.open()) {
            exchange(socket, request, buffer);
            long end = start.begin();
            for (long begun = System.nanoTime(); begun < end && count < nanos.length; begun = System.nanoTime()) {
                exchange(socket, request, buffer);
                nanos[count++] = System.nanoTime() - begun;
            }
        }
        return new Done(nanos, count);
    }

    private static void exchange(Socket socket, byte[] request, byte[] buffer) throws IOException {
        socket.getOutputStream().write(request);
        var in = socket.getInputStream();
        int n = 0;
        int head = -1;
        long wanted = Long.MAX_VALUE;
        while (n < wanted) {
            int more = in.read(buffer, n, buffer.length - n);
            if (more <= 0) {
                throw new IOException("the answer is not complete");
            }
            n += more;
            if (head < 0) {
                head = headEnd(buffer, n);
                wanted = head < 0 ? Long.MAX_VALUE : head + length(buffer, head);
            }
        }
        if (buffer[9] != '2') {
            throw new IOException(new String(buffer, 0, Math.min(n, 300), StandardCharsets.US_ASCII));
        }
    }

    private static int headEnd(byte[] bytes, int n) {
        for (int i = 0; i + END.length <= n; i++) {
            if (bytes[i] == END[0] && bytes[i + 1] == END[1] && bytes[i + 2] == END[2] && bytes[i + 3] == END[3]) {
                return i + END.length;
            }
        }
        return -1;
    }

    private static long length(byte[] bytes, int head) throws IOException {
        var text = new String(bytes, 0, head, StandardCharsets.US_ASCII).toLowerCase(java.util.Locale.ROOT);
        int at = text.indexOf("content-length:");
        if (at < 0) {
            throw new IOException("an answer without a length: " + text);
        }
        return Long.parseLong(text.substring(at + 15, text.indexOf('\r', at)).trim());
    }

    private static String bulk(Target to, long mebibytes) throws Exception {
        var buffer = new byte[256 * 1024];
        try (var socket = to.open()) {
            long begun = System.nanoTime();
            socket.getOutputStream().write(to.get("/bulk/" + mebibytes));
            InputStream in = socket.getInputStream();
            int n = 0;
            while (headEnd(buffer, n) < 0) {
                n += Math.max(0, in.read(buffer, n, buffer.length - n));
            }
            int head = headEnd(buffer, n);
            long left = length(buffer, head) - (n - head);
            while (left > 0) {
                int more = in.read(buffer);
                if (more < 0) {
                    throw new IOException(left + " bytes are missing");
                }
                left -= more;
            }
            long nanos = System.nanoTime() - begun;
            return "ok 1 " + nanos / 1e9 + " " + nanos / 1000;
        }
    }

    private String hold(Target to, int count) throws Exception {
        long begun = System.nanoTime();
        for (int i = 0; i < count; i++) {
            held.add(to.open());
        }
        return "ok " + count + " " + (System.nanoTime() - begun) / 1e9;
    }

    /** Finds no fault with any certificate. */
    private static final class AnyCertificate extends javax.net.ssl.X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
            return new java.security.cert.X509Certificate[0];
        }
    }
}
