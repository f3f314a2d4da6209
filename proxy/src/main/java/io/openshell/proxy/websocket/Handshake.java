package io.openshell.proxy.websocket;

import io.openshell.proxy.http.RequestHead;
import io.openshell.proxy.http.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Checks an upstream's agreement to a WebSocket whose messages are read. Pure. */
public final class Handshake {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private Handshake() {}

    /**
     * Says whether the upstream agreed to just what was asked.
     *
     * @param request the upgrade as it was sent on, without extensions
     * @param response the upstream's head with status 101
     * @return false when the proof is wrong, or with an extension or subprotocol nobody offered
     */
    public static boolean agrees(RequestHead request, ResponseHead response) {
        var key = request.all("Sec-WebSocket-Key").getFirst();
        boolean proven = response.only("Sec-WebSocket-Accept").map(proof(key)::equals).orElse(false);
        boolean plain = response.fields().stream().noneMatch(field -> field.is("Sec-WebSocket-Extensions"));
        boolean offered = response.fields().stream().filter(field -> field.is("Sec-WebSocket-Protocol"))
                .allMatch(field -> request.all("Sec-WebSocket-Protocol").stream()
                        .flatMap(value -> Arrays.stream(value.split(","))).map(String::strip).anyMatch(field.value()::equals));
        return proven && plain && offered;
    }

    /**
     * Works out the proof for a key.
     *
     * @param key the key as sent
     * @return what {@code Sec-WebSocket-Accept} must be
     */
    public static String proof(String key) {
        try {
            // RFC 6455 wants SHA-1: it shows that the server understood, and protects nothing.
            var digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-1", impossible);
        }
    }
}
