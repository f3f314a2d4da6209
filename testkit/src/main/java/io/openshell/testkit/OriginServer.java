package io.openshell.testkit;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The program of {@link Origin}: tells every caller what it asked for, and of a secret that came along only its hash. */
public final class OriginServer {

    private OriginServer() {}

    /**
     * Serves until it is killed.
     *
     * @param arguments address and port to listen on
     */
    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])), 16);
        server.createContext("/", exchange -> {
            String key = exchange.getRequestHeaders().getFirst(
                    exchange.getRequestHeaders().containsKey("X-Key") ? "X-Key" : "Authorization");
            byte[] answer = (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + "\n"
                    + (key == null ? "" : "key " + hash(key) + "\n")).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            try (var body = exchange.getResponseBody()) {
                body.write(answer);
            }
        });
        server.start();
    }

    /** Lower-case hex SHA-256. */
    public static String hash(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
