package io.openshell.model.sandbox;

import java.util.List;

/**
 * Somebody at work inside a sandbox.
 *
 * @param sessionId also names the relay that carries its bytes
 * @param command of an exec; empty for an attach. Environment values are not recorded: they may be private.
 * @param relayAddress of the gateway that waits for the agent
 */
public record Session(String sessionId, Kind kind, List<String> command, boolean tty, String relayAddress) {

    /** Kinds of session. */
    public enum Kind {
        EXEC,
        ATTACH
    }

    public Session {
        command = List.copyOf(command);
    }
}
