package io.openshell.model;

import java.time.Instant;

/**
 * Everything about a command that is not its content. Time comes in here and nowhere else, so decisions can be replayed.
 *
 * @param commandId chosen by the caller or the gateway; a command id seen twice has no second effect
 * @param correlationId joins everything one request caused
 * @param traceId of the caller's tracing system; empty when it has none
 * @param actor who asks
 * @param originAddress network address of the caller; empty for local ones
 * @param assertedBy who vouches for this: {@code gateway:<id>}, {@code node:<id>}
 * @param time at origin
 * @param requestDigest lower-case hex SHA-256 of who asked for what, by which a retry is told from another request under the
 *     same command id; empty when the command does not stem from a call
 */
public record Context(
        CommandId commandId,
        String correlationId,
        String traceId,
        Actor actor,
        String originAddress,
        String assertedBy,
        Instant time,
        String requestDigest) {

    /** Of a command that stems from no call. */
    public Context(
            CommandId commandId,
            String correlationId,
            String traceId,
            Actor actor,
            String originAddress,
            String assertedBy,
            Instant time) {
        this(commandId, correlationId, traceId, actor, originAddress, assertedBy, time, "");
    }
}
