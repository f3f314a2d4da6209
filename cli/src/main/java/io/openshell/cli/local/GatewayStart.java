package io.openshell.cli.local;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to start the local gateway.
 *
 * @param port TCP port for clients other than this one
 * @param kafka bootstrap servers of an existing cluster, or null for the built-in log
 * @param options further arguments of the gateway, as it takes them
 */
public record GatewayStart(int port, @Nullable String kafka, List<String> options) {
    /** Port used when nobody chose one. */
    public static final int DEFAULT_PORT = 17670;

    public GatewayStart {
        options = List.copyOf(options);
    }

    /** Without further arguments. */
    public GatewayStart(int port, @Nullable String kafka) {
        this(port, kafka, List.of());
    }
}
