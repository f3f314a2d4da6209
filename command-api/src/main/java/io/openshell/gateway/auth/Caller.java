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
 * @param requestDigest tells this request from any other under the same command id; empty before it is known
 */
public record Caller(
        Actor actor,
        CommandId commandId,
        String correlationId,
        String traceId,
        String originAddress,
        String gatewayId,
        String requestDigest) {

    /** The same caller, once the request was read. */
    public Caller asking(String method, byte[] request) {
        return new Caller(actor, commandId, correlationId, traceId, originAddress, gatewayId,
                RequestDigest.of(actor, method, request));
    }

    /**
     * The caller's try number {@code number}, from 1, at the same change. A command is decided once under its id, so that each
     * try after the first is a command of its own; a repeated call comes to the same ids in the same order.
     */
    public Caller attempt(int number) {
        CommandId id = number == 1 ? commandId : new CommandId(commandId.value() + "~" + number);
        return new Caller(actor, id, correlationId, traceId, originAddress, gatewayId, requestDigest);
    }

    /** The context of the command this call means. */
    public Context context(Instant time) {
        return new Context(
                commandId, correlationId, traceId, actor, originAddress, "gateway:" + gatewayId, time, requestDigest);
    }
}
