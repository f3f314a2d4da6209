package io.openshell.proxy.credential;

import io.openshell.model.provider.Placeholders;
import io.openshell.proxy.http.Field;
import io.openshell.proxy.http.HttpUrl;
import io.openshell.proxy.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What becomes of the placeholders in a request's head: replaced by secrets where these may go, or the request is not sent. Pure. */
public sealed interface FilledRequest {
    /**
     * It may be sent.
     *
     * @param head what is sent
     * @param url where
     * @param count placeholders replaced
     */
    record Ready(RequestHead head, HttpUrl url, int count) implements FilledRequest {
        @Override
        public String toString() {
            return "Ready[count=" + count + "]";
        }
    }

    /** A credential would go where it does not belong. */
    record Misdirected() implements FilledRequest {}

    /**
     * A placeholder cannot be filled in.
     *
     * @param why in words, without names
     */
    record Unavailable(String why) implements FilledRequest {}

    /** An authentication scheme and what follows it. */
    Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9._~+/-]*)( +)(\\S+)");

    /** Why a mark was left over. */
    String LEFT_OVER = "a placeholder stands where none is filled in";

    /**
     * Fills a request's head in.
     *
     * @param head the head
     * @param url where it goes, canonical
     * @param credentials what there is
     * @param to where it goes, for the credentials
     * @param now the time
     * @return what becomes of it
     */
    static FilledRequest of(RequestHead head, HttpUrl url, CredentialSet credentials, Destination to, Instant now) {
        boolean marked = MarkerScan.isIn(url.path()) || MarkerScan.isIn(url.query());
        List<Field> fields = null;
        var filling = new Filling(credentials, to, now);
        for (int i = 0; i < head.fields().size(); i++) {
            var field = head.fields().get(i);
            if (isMarked(field)) {
                fields = fields == null ? new ArrayList<>(head.fields()) : fields;
                fields.set(i, new Field(field.name(), value(field.value(), filling)));
            }
        }
        if (!marked && fields == null) {
            return new Ready(head, url, 0);
        }
        var path = marked ? filling.fill(url.path(), secret -> segment(secret, filling)) : url.path();
        var query = marked ? query(url.query(), filling) : url.query();
        var sent = fields == null ? head : new RequestHead(head.method(), head.target(), head.version(), fields, head.framing());
        boolean left = MarkerScan.isIn(path) || MarkerScan.isIn(query) || sent.fields().stream().anyMatch(FilledRequest::isMarked);
        if (filling.isMisdirected()) {
            return new Misdirected();
        }
        return filling.unavailable().or(() -> left ? Optional.of(LEFT_OVER) : Optional.empty())
                .<FilledRequest>map(Unavailable::new)
                .orElseGet(() -> new Ready(sent, new HttpUrl(url.authority(), path, query), filling.filled()));
    }

    /**
     * Looks for placeholders in a head.
     *
     * @param head the head
     * @return true when there is the mark of one
     */
    static boolean isMarked(RequestHead head) {
        return MarkerScan.isIn(head.target()) || head.fields().stream().anyMatch(FilledRequest::isMarked);
    }

    private static boolean isMarked(Field field) {
        return MarkerScan.isIn(field.value()) || MarkerScan.isIn(field.name())
                || basic(field.value()).filter(MarkerScan::isIn).isPresent();
    }

    /** The whole value, what follows a scheme, or what Basic hides. */
    private static String value(String value, Filling filling) {
        var hidden = basic(value);
        if (hidden.isPresent()) {
            var plain = filling.fill(hidden.get(), FilledRequest::same);
            return value.substring(0, "Basic".length()) + " "
                    + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        }
        if (isPlaceholder(value)) {
            return filling.fill(value, FilledRequest::same);
        }
        Matcher scheme = SCHEME.matcher(value);
        return scheme.matches() && isPlaceholder(scheme.group(3))
                ? scheme.group(1) + scheme.group(2) + filling.fill(scheme.group(3), FilledRequest::same)
                : value;
    }

    private static boolean isPlaceholder(String text) {
        return Placeholders.next(text, 0).filter(found -> found.start() == 0 && found.end() == text.length()).isPresent();
    }

    /** What Basic authorisation says, empty for anything else. */
    private static Optional<String> basic(String value) {
        if (!value.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new String(Base64.getDecoder().decode(value.substring(6).strip()), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static String same(String secret) {
        return secret;
    }

    /** A secret must not change which path it is in. */
    private static String segment(String secret, Filling filling) {
        if (secret.contains("..") || secret.chars().anyMatch(c -> "/\\?#".indexOf(c) >= 0)) {
            filling.refuse("its value cannot stand in a path");
        }
        return escaped(secret);
    }

    private static String query(String query, Filling filling) {
        if (!MarkerScan.isIn(query)) {
            return query;
        }
        var out = new StringBuilder();
        for (var part : query.split("(?<=[?&])")) {
            int equals = part.indexOf('=');
            boolean more = part.endsWith("&");
            var value = part.substring(equals + 1, more ? part.length() - 1 : part.length());
            out.append(part, 0, equals + 1)
                    .append(equals >= 0 && MarkerScan.isIn(value) ? formValue(value, filling) : value)
                    .append(more ? "&" : "");
        }
        return out.toString();
    }

    /** A value of a query or form: read as its receiver would, filled in, and written again. */
    static String formValue(String value, Filling filling) {
        try {
            return escaped(filling.fill(java.net.URLDecoder.decode(value, StandardCharsets.UTF_8), FilledRequest::same));
        } catch (IllegalArgumentException malformed) {
            return value; // the mark in it is left over
        }
    }

    private static String escaped(String text) {
        var out = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            int c = each & 0xff;
            boolean unreserved = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
            out.append(unreserved ? String.valueOf((char) c) : String.format(Locale.ROOT, "%%%02X", c));
        }
        return out.toString();
    }
}
