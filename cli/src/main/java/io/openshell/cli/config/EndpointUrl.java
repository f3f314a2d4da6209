package io.openshell.cli.config;

import io.openshell.cli.CliException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A gateway's address taken apart.
 *
 * @param scheme http, https or ssh
 * @param user user part of an ssh address, or null
 * @param host host name or address
 * @param port TCP port
 */
public record EndpointUrl(String scheme, @Nullable String user, String host, int port) {
    private static final Set<String> SCHEMES = Set.of("http", "https", "ssh");

    /**
     * Reads an address; without a scheme it is https.
     *
     * @throws CliException when it is not an address a gateway can have
     */
    public static EndpointUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text.contains("://") ? text : "https://" + text);
        } catch (URISyntaxException e) {
            throw new CliException("'" + text + "' is not a gateway address; write http://HOST:PORT or https://HOST:PORT.");
        }
        String scheme = uri.getScheme();
        if (!SCHEMES.contains(scheme) || uri.getHost() == null) {
            throw new CliException("'" + text + "' is not a gateway address; write http://HOST:PORT or https://HOST:PORT.");
        }
        if (scheme.equals("ssh") && uri.getPort() < 0) {
            throw new CliException("an ssh:// address needs the gateway's port: ssh://USER@HOST:PORT.");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("http") ? 80 : 443;
        return new EndpointUrl(scheme, uri.getUserInfo(), uri.getHost(), port);
    }

    /** Whether the host is this machine. */
    public boolean loopback() {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]") || host.endsWith(".localhost");
    }

    /** The address as a URL. */
    public String text() {
        return scheme + "://" + (user == null ? "" : user + "@") + host + ":" + port;
    }
}
