package io.openshell.agent.session;

import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/** What a session's relay address says. Pure. */
sealed interface RelayAddress {

    /** Somewhere to dial. */
    record Reachable(SocketAddress socket) implements RelayAddress {}

    /** Nothing this agent can dial. */
    record Unsupported(String message) implements RelayAddress {}

    /** The longest path the kernel takes for a socket, in bytes. */
    int LONGEST_PATH = 107;

    /** Reads {@code unix:/absolute/path}; other schemes are not served. */
    static RelayAddress of(String text) {
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? "" : text.substring(0, colon);
        if (!scheme.equals("unix")) {
            return new Unsupported("relay addresses must start with unix:, not '" + scheme + "'");
        }
        String path = text.substring(colon + 1);
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            return new Unsupported("the relay's socket path must be absolute");
        }
        if (path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
            return new Unsupported("the relay's socket path may have at most " + LONGEST_PATH + " bytes");
        }
        return new Reachable(SocketAddress.domainSocketAddress(path));
    }
}
