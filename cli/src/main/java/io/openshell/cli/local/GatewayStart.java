package io.openshell.cli.local;

import org.jspecify.annotations.Nullable;

/**
 * How to start the local gateway.
 *
 * @param port TCP port for clients other than this one
 * @param kafka bootstrap servers of an existing cluster, or null for the built-in log
 */
public record GatewayStart(int port, @Nullable String kafka) {
    /** Port used when nobody chose one. */
    public static final int DEFAULT_PORT = 17670;
}
