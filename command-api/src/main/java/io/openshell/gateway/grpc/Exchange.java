package io.openshell.gateway.grpc;

import io.openshell.gateway.auth.Caller;
import io.vertx.core.Context;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;

/**
 * One open streaming call.
 *
 * @param context the event loop that owns both directions: touch them only there
 * @param <Q> what the caller sends
 * @param <S> what the caller gets
 */
public record Exchange<Q, S>(GrpcServerRequest<Q, S> request, Caller caller, Context context) {

    /** The way back to the caller. */
    public GrpcServerResponse<Q, S> response() {
        return request.response();
    }

    /** Runs when the other side resets the call or its connection breaks; may run more than once. */
    public void onLost(Runnable lost) {
        // A reset arrives as an error of the request, a broken connection as an exception of either direction.
        request.errorHandler(reset -> lost.run());
        request.exceptionHandler(broken -> lost.run());
        response().exceptionHandler(broken -> lost.run());
    }

    /** The same call, once it is known what it asks for. */
    Exchange<Q, S> asking(byte[] message) {
        return new Exchange<>(request, caller.asking(request.fullMethodName(), message), context);
    }

    /** Ends the call in order. Any thread. */
    public void end() {
        context.runOnContext(nothing -> response().end());
    }

    /** Ends the call with what this failure means to a caller. Any thread. */
    public void fail(Throwable failure) {
        Refusal refusal = Statuses.of(failure, caller.correlationId());
        context.runOnContext(nothing -> {
            refusal.hints().forEach((key, value) -> response().trailers().set(key, value));
            response().status(refusal.status()).statusMessage(refusal.sentence()).end();
        });
    }
}
