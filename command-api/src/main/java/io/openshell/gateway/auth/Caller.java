package io.openshell.gateway.auth;

import io.openshell.model.Actor;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import java.time.Instant;

/**
 * One call's origin.
 *
 * @param originAddress network address; empty on the local socket
 * @param gatewayId of the gateway that took the call
 */
public record Caller(
        Actor actor, CommandId commandId, String correlationId, String traceId, String originAddress, String gatewayId) {

    /** The context of the command this call means. */
    public Context context(Instant time) {
        return new Context(
                commandId, correlationId, traceId, actor, originAddress, "gateway:" + gatewayId, time);
    }
}
