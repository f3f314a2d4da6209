package io.openshell.cli.config;

import java.nio.file.Path;

/**
 * Folders of the client.
 *
 * @param config registrations of this user
 * @param state socket, process id and log of the local gateway
 * @param system registrations made for every user of this machine
 */
public record ClientPaths(Path config, Path state, Path system) {
    /** The local gateway's Unix socket, readable by its owner only. */
    public Path socket() {
        return state.resolve("gateway.sock");
    }

    /** Holds the process id of the local gateway; absent after an orderly stop. */
    public Path pidFile() {
        return state.resolve("gateway.pid");
    }

    /** One directory per sandbox that the local gateway's node has files of. */
    public Path sandboxes() {
        return state.resolve("sandboxes/sandboxes");
    }

    /** Output of the local gateway. */
    public Path gatewayLog() {
        return state.resolve("gateway.log");
    }

    /** Locked while a gateway is being started. */
    public Path startLock() {
        return state.resolve("gateway.lock");
    }
}
