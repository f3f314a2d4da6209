package io.openshell.cli.local;

import io.openshell.cli.config.Installation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to start the local gateway.
 *
 * @param port TCP port for clients other than this one
 * @param kafka bootstrap servers of an existing cluster, or null for the built-in log
 * @param options further arguments of the gateway, as it takes them
 * @param serving asked for as such, to serve for long; otherwise started because a command needs one, which then waits
 * @param heap largest heap of its process, as the JVM takes it
 */
public record GatewayStart(int port, @Nullable String kafka, List<String> options, boolean serving, String heap) {
    /** Port used when nobody chose one. */
    public static final int DEFAULT_PORT = 17670;

    public GatewayStart {
        options = List.copyOf(options);
    }

    /** For a command that needs one. */
    public GatewayStart(int port, @Nullable String kafka) {
        this(port, kafka, List.of(), false, Installation.DEFAULT_HEAP);
    }
}
