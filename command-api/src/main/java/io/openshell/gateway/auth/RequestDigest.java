package io.openshell.gateway.auth;

import io.openshell.model.Actor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What two requests must share to be one request asked twice: who asks, for which call, with which bytes. */
final class RequestDigest {

    private RequestDigest() {}

    /** Lower-case hex SHA-256. */
    static String of(Actor actor, String method, byte[] request) {
        MessageDigest digest = sha256();
        for (String part : new String[] {actor.kind().name(), actor.subject(), actor.authenticatedBy(), method}) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        return HexFormat.of().formatHex(digest.digest(request));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
