package io.openshell.proxy.credential;

import io.openshell.model.policy.RequestSigning;
import io.openshell.proxy.http.Field;
import io.openshell.proxy.http.HttpUrl;
import io.openshell.proxy.http.RequestHead;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a request with AWS Signature Version 4 in place of whatever its sender signed it with. Pure.
 *
 * @param url where it goes
 * @param host the Host field it is sent with
 * @param scope what the policy says: kind, service and region
 * @param now the time of the signature
 */
public record SignedRequest(HttpUrl url, String host, RequestSigning scope, Instant now) {
    /** Most bytes a body may have that goes into a signature. */
    public static final long LIMIT = 10L << 20;

    /** Stands in the signature for a body that is not part of it. */
    public static final String UNSIGNED = "UNSIGNED-PAYLOAD";

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final Set<String> REPLACED =
            Set.of("authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /**
     * The keys of an account.
     *
     * @param access names the account's key
     * @param secret signs
     * @param session goes with keys that end
     */
    public record Keys(SecretText access, SecretText secret, Optional<SecretText> session) {}

    /**
     * Says whether the body goes into the signature.
     *
     * @param head the request as it came
     * @param scope what the policy says
     * @return empty when such a request cannot be signed anew
     */
    public static Optional<Boolean> signsBody(RequestHead head, RequestSigning scope) {
        if (!scope.kind().equals("sigv4")) {
            return Optional.of(!scope.kind().equals("sigv4:no_body"));
        }
        var said = head.all("x-amz-content-sha256");
        if (said.stream().anyMatch(each -> each.startsWith("STREAMING-"))) {
            return Optional.empty();
        }
        return Optional.of(!said.contains(UNSIGNED));
    }

    /**
     * Signs.
     *
     * @param head the request as it came
     * @param payload lower-case hex SHA-256 of the body, or {@link #UNSIGNED}
     * @param keys whose request it is
     * @return the request with its new signature
     */
    public RequestHead signed(RequestHead head, String payload, Keys keys) {
        List<Field> fields = new ArrayList<>();
        head.fields().stream().filter(field -> !REPLACED.contains(field.name().toLowerCase(Locale.ROOT))).forEach(fields::add);
        var time = TIME.format(now);
        var own = new TreeMap<String, String>();
        own.put("host", host);
        own.put("x-amz-date", time);
        own.put("x-amz-content-sha256", payload);
        keys.session().ifPresent(token -> own.put("x-amz-security-token", token.text()));
        own.forEach((name, value) -> {
            if (!name.equals("host")) {
                fields.add(new Field(name, value));
            }
        });
        var signedNames = String.join(";", own.keySet());
        var credential = time.substring(0, 8) + "/" + region() + "/" + scope.service() + "/aws4_request";
        fields.add(new Field("Authorization", ALGORITHM + " Credential=" + keys.access().text() + "/" + credential + ", SignedHeaders="
                + signedNames + ", Signature=" + signature(head.method(), own, payload, credential, keys.secret())));
        return new RequestHead(head.method(), head.target(), head.version(), fields, head.framing());
    }

    private String signature(
            String method, TreeMap<String, String> own, String payload, String credential, SecretText secret) {
        var canonical = new StringBuilder(method).append('\n').append(path()).append('\n').append(query()).append('\n');
        own.forEach((name, value) -> canonical.append(name).append(':').append(value).append('\n'));
        canonical.append('\n').append(String.join(";", own.keySet())).append('\n').append(payload);
        var text = ALGORITHM + "\n" + own.get("x-amz-date") + "\n" + credential + "\n"
                + sha256(canonical.toString().getBytes(StandardCharsets.UTF_8));
        byte[] key = ("AWS4" + secret.text()).getBytes(StandardCharsets.UTF_8);
        for (var part : credential.split("/")) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, text));
    }

    /** S3 signs the path as it is meant, everybody else the path as it is sent. */
    private String path() {
        return scope.service().equals("s3") ? encoded(decoded(url.path()), true) : encoded(url.path(), true);
    }

    private String query() {
        var text = url.query().startsWith("?") ? url.query().substring(1) : url.query();
        if (text.isEmpty()) {
            return "";
        }
        List<String> pairs = new ArrayList<>();
        for (var part : text.split("&")) {
            int equals = part.indexOf('=');
            var name = equals < 0 ? part : part.substring(0, equals);
            var value = equals < 0 ? "" : part.substring(equals + 1);
            pairs.add(encoded(decoded(name), false) + "=" + encoded(decoded(value), false));
        }
        pairs.sort(null);
        return String.join("&", pairs);
    }

    private String region() {
        if (!scope.region().isEmpty()) {
            return scope.region();
        }
        var labels = url.authority().host().split("\\.");
        int end = labels.length - 2;
        boolean regional = url.authority().host().endsWith(".amazonaws.com") && end >= 2;
        return regional ? labels[end - 1] : "us-east-1";
    }

    /**
     * Hashes.
     *
     * @param bytes the bytes
     * @return lower-case hex SHA-256
     */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    private static byte[] decoded(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            boolean escape = in[i] == '%' && i + 2 < in.length
                    && Character.digit(in[i + 1], 16) >= 0 && Character.digit(in[i + 2], 16) >= 0;
            out.write(escape ? Character.digit(in[i + 1], 16) << 4 | Character.digit(in[i + 2], 16) : in[i]);
            i += escape ? 2 : 0;
        }
        return out.toByteArray();
    }

    private static String encoded(String text, boolean slashes) {
        return encoded(text.getBytes(StandardCharsets.UTF_8), slashes);
    }

    private static String encoded(byte[] bytes, boolean slashes) {
        var out = new StringBuilder();
        for (byte each : bytes) {
            int c = each & 0xff;
            boolean unreserved = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0) || slashes && c == '/';
            out.append(unreserved ? String.valueOf((char) c) : String.format(Locale.ROOT, "%%%02X", c));
        }
        return out.toString();
    }
}
