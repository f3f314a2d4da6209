package io.openshell.bench.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Another proxy of this machine's packages, started for one run with everything in the run's folder.
 *
 * @param port where it listens on loopback
 */
record Rival(@Nullable Process process, int port) implements AutoCloseable {
    /** One that is not on this machine. */
    static final Rival NONE = new Rival(null, 0);

    private static final String HELPER = "/usr/lib/squid/security_file_certgen";
    private static final long START_MILLIS = 30_000;

    /** Squid, as it passes tunnels on, one line of log each; empty when it is not installed. */
    static Optional<Rival> squid(Path home) throws Exception {
        if (!isThere("/usr/sbin/squid")) {
            return Optional.empty();
        }
        int port = freePort();
        return Optional.of(squid(home, "plain", port, "http_port 127.0.0.1:" + port + "\nhttp_access allow all\n"));
    }

    /** Squid, taking TLS off and looking at method and path of each request; empty when it is not installed or cannot do that. */
    static Optional<Rival> bump(Path home) throws Exception {
        if (!isThere("/usr/sbin/squid") || !isThere(HELPER)) {
            return Optional.empty();
        }
        int port = freePort();
        var folder = Files.createDirectories(home.resolve("bump"));
        run(List.of("openssl", "req", "-new", "-newkey", "rsa:2048", "-days", "2", "-nodes", "-x509", "-subj", "/CN=bench",
                "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", folder + "/ca.pem", "-out", folder + "/ca.crt"));
        Files.writeString(folder.resolve("both.pem"), Files.readString(folder.resolve("ca.pem")) + Files.readString(folder.resolve("ca.crt")));
        run(List.of(HELPER, "-c", "-s", folder + "/certificates", "-M", "4MB"));
        return Optional.of(squid(home, "bump", port, """
                http_port 127.0.0.1:%d ssl-bump tls-cert=%s/both.pem generate-host-certificates=on dynamic_cert_mem_cache_size=4MB
                sslcrtd_program %s -s %s/certificates -M 4MB
                sslcrtd_children 2
                sslproxy_cert_error allow all
                tls_outgoing_options flags=DONT_VERIFY_PEER
                ssl_bump bump all
                acl tunnel method CONNECT
                acl reading method GET
                acl posting method POST
                acl repositories urlpath_regex ^/repos/
                acl issues urlpath_regex ^/repos/[^/]*/issues$
                http_access allow tunnel
                http_access allow posting issues
                http_access allow reading repositories
                http_access deny all
                """.formatted(port, folder, HELPER, folder)));
    }

    private static Rival squid(Path home, String name, int port, String rules) throws Exception {
        var folder = Files.createDirectories(home.resolve(name));
        Files.writeString(folder.resolve("squid.conf"), rules + """
                cache deny all
                cache_mem 8 MB
                access_log stdio:%1$s/access.log
                cache_log %1$s/cache.log
                cache_store_log none
                pid_filename none
                coredump_dir %1$s
                max_filedescriptors 4096
                shutdown_lifetime 1 second
                client_persistent_connections on
                server_persistent_connections on
                """.formatted(folder));
        // It gives up root for the user of its package.
        run(List.of("chown", "-R", "proxy:proxy", folder.toString()));
        return listening(new ProcessBuilder("/usr/sbin/squid", "-N", "-f", folder + "/squid.conf")
                .redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile()).start(), port);
    }

    /** mitmproxy with the same rules as a script; empty when it is not installed. */
    static Optional<Rival> mitm(Path home) throws Exception {
        if (!isThere("/usr/bin/mitmdump")) {
            return Optional.empty();
        }
        int port = freePort();
        var folder = Files.createDirectories(home.resolve("mitm"));
        Files.writeString(folder.resolve("rules.py"), """
                import re
                from mitmproxy import http
                ISSUES = re.compile(r"^/repos/[^/]*/issues$")
                def request(flow):
                    r = flow.request
                    path = r.path.split("?")[0]
                    if not (r.method == "GET" and path.startswith("/repos/") or r.method == "POST" and ISSUES.match(path)):
                        flow.response = http.Response.make(403, b"denied")
                """);
        return Optional.of(listening(new ProcessBuilder("/usr/bin/mitmdump", "-q", "--listen-host", "127.0.0.1", "-p", "" + port,
                "--set", "confdir=" + folder, "--set", "ssl_insecure=true", "--set", "connection_strategy=lazy", "-s", folder + "/rules.py")
                .redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile()).start(), port));
    }

    private static boolean isThere(String program) {
        return Files.isExecutable(Path.of(program));
    }

    private static Rival listening(Process process, int port) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        while (process.isAlive() && System.nanoTime() < end) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return new Rival(process, port);
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        process.destroyForcibly();
        throw new IllegalStateException(process.info().command().orElse("a proxy") + " does not listen");
    }

    private static void run(List<String> command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("failed: " + String.join(" ", command));
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    boolean isAbsent() {
        return process == null;
    }

    /** Its process; 0 when it is not there. */
    long pid() {
        return process == null ? 0 : process.pid();
    }

    @Override
    public void close() throws InterruptedException {
        if (process == null) {
            return;
        }
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
