package io.openshell.gateway.auth;

import io.openshell.model.Actor;
import io.openshell.model.CommandId;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Tells who calls. Stateless; safe for any thread. */
public final class Callers {

    /** Metadata key of a caller's own command id. */
    public static final String COMMAND_ID = "openshell-command-id";

    /** Metadata key of a caller's own correlation id. */
    public static final String CORRELATION_ID = "openshell-correlation-id";

    private static final int LONGEST_ID = 128;
    private static final Pattern USABLE_ID = Pattern.compile("[!-~]{1,128}");
    // version "-" trace id "-" parent id "-" flags, as the W3C writes it.
    private static final Pattern TRACE_PARENT =
            Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

    private final String gatewayId;
    private final String localUser;

    /** For one gateway whose process belongs to this person. */
    public Callers(String gatewayId, String localUser) {
        this.gatewayId = gatewayId;
        this.localUser = localUser;
    }

    /**
     * The caller behind a connection and its metadata.
     *
     * @throws UnknownCaller when the connection proves nothing or an id is malformed
     */
    public Caller of(HttpConnection connection, MultiMap metadata) {
        Optional<String> commandId = commandId(metadata.get(COMMAND_ID));
        Optional<String> correlationId = id(metadata, CORRELATION_ID);
        boolean local = connection.remoteAddress() == null || connection.remoteAddress().isDomainSocket();
        return new Caller(
                actor(connection, local),
                new CommandId(commandId.orElseGet(Callers::random)),
                correlationId.orElseGet(Callers::random),
                traceId(metadata.get("traceparent")),
                local ? "" : connection.remoteAddress().hostAddress(),
                gatewayId,
                "");
    }

    private Actor actor(HttpConnection connection, boolean local) {
        if (local) {
            // The socket is 0600 below a 0700 directory, so only this process's own user can have opened it.
            return new Actor(Actor.Kind.USER, localUser, "unix-socket");
        }
        SSLSession session = connection.sslSession();
        return session == null
                ? new Actor(Actor.Kind.USER, "unauthenticated-local-dev", "none")
                : new Actor(Actor.Kind.USER, commonName(session), "mtls");
    }

    private static String commonName(SSLSession session) {
        try {
            X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
            List<Rdn> parts = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
            return parts.stream()
                    .filter(part -> part.getType().equalsIgnoreCase("CN"))
                    .map(part -> String.valueOf(part.getValue()))
                    .findFirst()
                    .orElseThrow(() -> new UnknownCaller("the client certificate has no common name"));
        } catch (SSLPeerUnverifiedException absent) {
            throw new UnknownCaller("missing client certificate");
        } catch (InvalidNameException malformed) {
            throw new UnknownCaller("the subject of the client certificate cannot be read");
        }
    }

    private static Optional<String> commandId(@Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        // Somebody who sends an id counts on it: an unusable one must not be replaced by a random one.
        if (!USABLE_ID.matcher(value).matches()) {
            throw new MalformedId(COMMAND_ID + " must have 1 to 128 visible ASCII characters");
        }
        return Optional.of(value);
    }

    private static Optional<String> id(MultiMap metadata, String key) {
        String value = metadata.get(key);
        if (value == null || value.isEmpty()) {
            return Optional.empty();
        }
        if (value.length() > LONGEST_ID) {
            throw new MalformedId(key + " may have at most 128 characters");
        }
        return Optional.of(value);
    }

    private static String traceId(@Nullable String traceParent) {
        if (traceParent == null) {
            return "";
        }
        Matcher matcher = TRACE_PARENT.matcher(traceParent);
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static String random() {
        return UUID.randomUUID().toString();
    }

    /** The connection does not prove who calls. */
    public static final class UnknownCaller extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownCaller(String message) {
            super(message);
        }
    }

    /** An id in the metadata cannot be used. */
    public static final class MalformedId extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedId(String message) {
            super(message);
        }
    }
}
