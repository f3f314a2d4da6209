package io.openshell.cli.client;

import java.nio.file.Path;

/** Where a gateway listens. */
public sealed interface Endpoint {
    /** A Unix socket on this machine. */
    record Unix(Path socket) implements Endpoint {}

    /** TCP without encryption. */
    record Plain(String host, int port) implements Endpoint {}

    /**
     * TCP with TLS.
     *
     * @param files folder that may hold ca.crt, tls.crt and tls.key
     * @param insecure accept any server certificate and send none
     */
    record Tls(String host, int port, Path files, boolean insecure) implements Endpoint {}

    /** Host name for the request. */
    default String authority() {
        return switch (this) {
            case Unix ignored -> "localhost";
            case Plain plain -> plain.host() + ":" + plain.port();
            case Tls tls -> tls.host() + ":" + tls.port();
        };
    }
}
