package io.openshell.proxy;

import java.net.InetSocketAddress;
import java.util.Objects;

/** Where a proxy takes its connections from. */
public sealed interface Listener {

    /**
     * A TCP socket that listens already, made in the sandbox's network namespace. The proxy serves what waits in its backlog
     * and closes it. Needs the native transport.
     */
    record Adopted(int fd) implements Listener {
        /** Refuses what is no descriptor. */
        public Adopted {
            if (fd < 0) {
                throw new IllegalArgumentException("not a descriptor: " + fd);
            }
        }
    }

    /** A socket of the proxy's own, in the calling process's namespace; port 0 picks a free one. */
    record Bound(InetSocketAddress address) implements Listener {
        /** Refuses a missing address. */
        public Bound {
            Objects.requireNonNull(address, "address");
        }
    }
}
