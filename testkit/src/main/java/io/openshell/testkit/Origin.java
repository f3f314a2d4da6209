package io.openshell.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A host with an HTTP server, in a network namespace of its own that only this machine reaches. Needs root. Answers
 * {@code GET /path} with {@code GET /path}.
 */
public final class Origin implements AutoCloseable {

    private static final int PORT = 8080;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String namespace;
    private final String link;
    private final String net;
    private final Path scratch;
    private final List<Process> server = new ArrayList<>();

    private Origin(Path scratch, String net) {
        long own = ProcessHandle.current().pid();
        this.scratch = scratch;
        this.namespace = "openshell-test-" + own;
        this.link = "ost" + own % 1_000_000;
        this.net = net + own % 250 + ".";
    }

    /** Makes the namespace and starts the server; returns once it answers. */
    public static Origin up(Path scratch) {
        return up(scratch, "10.89.");
    }

    /** The same with an address that counts as one of the public network, which only this machine reaches nevertheless. */
    public static Origin publiclyUp(Path scratch) {
        return up(scratch, "100.129.");
    }

    private static Origin up(Path scratch, String net) {
        Origin origin = new Origin(scratch, net);
        try {
            origin.open();
            return origin;
        } catch (RuntimeException | AssertionError e) {
            origin.close();
            throw e;
        }
    }

    private void open() {
        ip("netns add " + namespace);
        ip("link add " + link + " type veth peer name eth0 netns " + namespace);
        ip("addr add " + net + "1/24 dev " + link);
        ip("link set " + link + " up");
        ip("-n " + namespace + " addr add " + host() + "/24 dev eth0");
        ip("-n " + namespace + " link set eth0 up");
        try {
            server.add(new ProcessBuilder("ip", "netns", "exec", namespace,
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:+UseSerialGC",
                    "-cp", System.getProperty("java.class.path"), OriginServer.class.getName(), host(), "" + PORT)
                    .redirectErrorStream(true).redirectOutput(scratch.resolve("origin.out").toFile()).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until("the test host answers", LIMIT, this::answers, this::output);
    }

    private boolean answers() {
        try {
            HttpURLConnection call = (HttpURLConnection) URI.create(url("/")).toURL().openConnection();
            call.setConnectTimeout(500);
            call.setReadTimeout(500);
            return call.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String output() {
        try {
            return Files.readString(scratch.resolve("origin.out"));
        } catch (IOException e) {
            return "no output: " + e;
        }
    }

    /** Its address. */
    public String host() {
        return net + "2";
    }

    /** Its port. */
    public int port() {
        return PORT;
    }

    /** Where to find this path on it. */
    public String url(String path) {
        return "http://" + host() + ":" + PORT + path;
    }

    private void ip(String arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        Outcome outcome = ChildProcess.run(command, Map.of("PATH", System.getenv("PATH")), scratch, LIMIT);
        if (outcome.exitCode() != 0) {
            throw new AssertionError("ip " + arguments + ": " + outcome.err());
        }
    }

    /** Ends the server and removes the namespace; the link goes with it. */
    @Override
    public void close() {
        server.forEach(each -> {
            each.destroyForcibly();
            each.onExit().join();
        });
        ip("netns del " + namespace);
    }
}
