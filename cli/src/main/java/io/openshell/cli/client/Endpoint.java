package io.openshell.cli.client;

import java.io.IOException;
import java.nio.file.Path;

/** Where a gateway listens. */
public sealed interface Endpoint {
    /** A Unix socket on this machine. */
    record Unix(Path socket) implements Endpoint {
        @Override
        public String authority() {
            return "localhost";
        }

        @Override
        public Connection connect() throws IOException {
            return Connection.unix(this);
        }
    }

    /** TCP without encryption. */
    record Plain(String host, int port) implements Endpoint {
        @Override
        public String authority() {
            return host + ":" + port;
        }

        @Override
        public Connection connect() throws IOException {
            return Connection.plain(this);
        }
    }

    /**
     * TCP with TLS.
     *
     * @param files folder that may hold ca.crt, tls.crt and tls.key
     * @param insecure accept any server certificate and send none
     */
    record Tls(String host, int port, Path files, boolean insecure) implements Endpoint {
        @Override
        public String authority() {
            return host + ":" + port;
        }

        @Override
        public Connection connect() throws IOException {
            return Connection.secure(this);
        }
    }

    // Methods of each kind and no switch over kinds: linking a pattern switch costs a short command two milliseconds.

    /** Host name for the request. */
    String authority();

    /**
     * Opens a connection, within ten seconds.
     *
     * @throws IOException when nothing listens there, or it is not who it should be
     */
    Connection connect() throws IOException;
}
