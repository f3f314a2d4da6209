package io.openshell.proxy.credential;

import io.openshell.proxy.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What becomes of the placeholders in a body, where the policy has them replaced there. Pure. */
public sealed interface FilledBody {
    /** Most bytes a body may have in which placeholders are replaced. */
    int LIMIT = 256 * 1024;

    /** How a body is written. */
    enum Kind {
        /** Within strings, which have escapes. */
        JSON,
        /** As values with percent escapes. */
        FORM,
        /** As it is. */
        TEXT
    }

    /**
     * It may be sent.
     *
     * @param bytes what is sent
     * @param count placeholders replaced
     */
    record Ready(byte[] bytes, int count) implements FilledBody {
        @Override
        public String toString() {
            return "Ready[count=" + count + "]";
        }
    }

    /** A credential would go where it does not belong. */
    record Misdirected() implements FilledBody {}

    /**
     * A placeholder cannot be filled in.
     *
     * @param why in words, without names
     */
    record Unavailable(String why) implements FilledBody {}

    /**
     * Says how a body is written, by its head.
     *
     * @param head the head
     * @return empty when nothing is replaced in such a body
     */
    static Optional<Kind> kind(RequestHead head) {
        var types = head.all("Content-Type");
        boolean encoded = head.all("Content-Encoding").stream().anyMatch(coding -> !coding.equalsIgnoreCase("identity"));
        if (types.size() != 1 || encoded) {
            return Optional.empty();
        }
        var parts = List.of(types.getFirst().toLowerCase(Locale.ROOT).replace("\"", "").split(";"));
        boolean foreign = parts.stream().map(String::strip)
                .anyMatch(part -> part.startsWith("charset=") && !part.equals("charset=utf-8"));
        var type = parts.getFirst().strip();
        if (foreign) {
            return Optional.empty();
        }
        return switch (type) {
            case "application/json" -> Optional.of(Kind.JSON);
            case "application/x-www-form-urlencoded" -> Optional.of(Kind.FORM);
            case String other when other.startsWith("text/") -> Optional.of(Kind.TEXT);
            case String other -> Optional.empty();
        };
    }

    /**
     * Fills a body in.
     *
     * @param body the body
     * @param kind how it is written
     * @param credentials what there is
     * @param to where it goes
     * @param now the time
     * @return what becomes of it
     */
    static FilledBody of(byte[] body, Kind kind, CredentialSet credentials, Destination to, Instant now) {
        if (!MarkerScan.isIn(body)) {
            return new Ready(body, 0);
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException notText) {
            return new Unavailable(FilledRequest.LEFT_OVER);
        }
        var filling = new Filling(credentials, to, now);
        var filled = switch (kind) {
            case JSON -> filling.fill(text, FilledBody::quoted);
            case FORM -> form(text, filling);
            case TEXT -> filling.fill(text, secret -> secret);
        };
        if (filling.isMisdirected()) {
            return new Misdirected();
        }
        return filling.unavailable().or(() -> MarkerScan.isIn(filled) ? Optional.of(FilledRequest.LEFT_OVER) : Optional.empty())
                .<FilledBody>map(Unavailable::new)
                .orElseGet(() -> new Ready(filled.getBytes(StandardCharsets.UTF_8), filling.filled()));
    }

    private static String form(String text, Filling filling) {
        var out = new StringBuilder();
        for (var part : text.split("(?<=&)")) {
            int equals = part.indexOf('=');
            boolean more = part.endsWith("&");
            var value = part.substring(equals + 1, more ? part.length() - 1 : part.length());
            out.append(part, 0, equals + 1)
                    .append(MarkerScan.isIn(value) ? FilledRequest.formValue(value, filling) : value)
                    .append(more ? "&" : "");
        }
        return out.toString();
    }

    private static String quoted(String secret) {
        return secret.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
