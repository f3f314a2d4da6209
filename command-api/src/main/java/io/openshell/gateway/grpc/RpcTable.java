package io.openshell.gateway.grpc;

import com.google.protobuf.MessageLite;
import io.openshell.gateway.auth.Caller;
import io.openshell.gateway.auth.Callers;
import io.openshell.projection.past.AsOf;
import io.openshell.projection.past.Views;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.InvalidMessageException;
import io.vertx.grpc.common.MessageSizeOverflowException;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls a gateway answers. Handlers run on the event loop of their connection and must not block. Whatever a
 * handler throws becomes a status.
 */
public final class RpcTable {

    /** Largest request message, in bytes, of the published services. */
    public static final int LARGEST_MESSAGE = 1_048_576;

    /** Metadata of every answer: how old what it tells may be, in milliseconds. */
    public static final String VIEW_AGE = "openshell-view-age-ms";

    /** Metadata key of the point of the log that a read is about. */
    public static final String AS_OF = "openshell-as-of";

    private static final Logger LOG = LoggerFactory.getLogger(RpcTable.class);

    private final GrpcServer server;
    private final Callers callers;
    private final LongSupplier viewAgeMs;
    private final Set<String> served = new HashSet<>();

    RpcTable(GrpcServer server, Callers callers, LongSupplier viewAgeMs) {
        this.server = server;
        this.callers = callers;
        this.viewAgeMs = viewAgeMs;
    }

    /** Answers one message with one message. */
    @FunctionalInterface
    public interface Unary<Q, S> {
        /** The answer, completed on any thread. */
        CompletionStage<S> answer(Q request, Caller caller);
    }

    /** Answers one message from what there is at some point of the log; waits for nothing but the views. */
    @FunctionalInterface
    public interface Read<Q, S> {
        /** The answer, out of these views only. */
        S answer(Q request, Views views);
    }

    /** Answers one message with a stream. */
    @FunctionalInterface
    public interface ServerStream<Q, S> {
        /** Writes to the exchange and ends it. */
        void answer(Q request, Exchange<Q, S> exchange);
    }

    /** Answers a stream with a stream. */
    @FunctionalInterface
    public interface TwoWay<Q, S> {
        /** Sets handlers on the exchange at once, and ends it some time. */
        void answer(Exchange<Q, S> exchange);
    }

    /** Adds a unary call. */
    public <Q, S> void unary(ServiceMethod<Q, S> method, Unary<Q, S> handler) {
        add(method, exchange -> exchange.request().handler(message -> guarded(exchange, () -> {
            requireSize(message, LARGEST_MESSAGE);
            Caller caller = exchange.caller().asking(method.fullMethodName(), bytes(message));
            handler.answer(message, caller).whenComplete((answer, failure) -> {
                if (failure != null) {
                    refuse(exchange, failure);
                } else {
                    exchange.context().runOnContext(nothing -> exchange.response().end(answer));
                }
            });
        })));
    }

    /** Adds a unary call that only reads, and so can be asked about the past. */
    public <Q, S> void read(ServiceMethod<Q, S> method, ViewSource source, Read<Q, S> handler) {
        register(method, exchange -> exchange.request().handler(message -> guarded(exchange, () -> {
            requireSize(message, LARGEST_MESSAGE);
            String point = exchange.request().headers().get(AS_OF);
            if (point == null) {
                exchange.response().end(handler.answer(message, source.now()));
                return;
            }
            source.at(AsOf.parse(point), views -> handler.answer(message, views)).whenComplete(
                    (answer, failure) -> {
                        if (failure != null) {
                            refuse(exchange, failure);
                        } else {
                            exchange.context().runOnContext(nothing -> exchange.response().end(answer));
                        }
                    });
        })));
    }

    /** Adds a call that is answered with a stream. */
    public <Q, S> void serverStream(ServiceMethod<Q, S> method, ServerStream<Q, S> handler) {
        serverStream(method, LARGEST_MESSAGE, handler);
    }

    /** Adds a call that is answered with a stream and takes a message of up to this many bytes. */
    public <Q, S> void serverStream(ServiceMethod<Q, S> method, int largest, ServerStream<Q, S> handler) {
        add(method, exchange -> exchange.request().handler(message -> guarded(exchange, () -> {
            requireSize(message, largest);
            handler.answer(message, exchange.asking(bytes(message)));
        })));
    }

    /** Adds a call with streams in both directions. */
    public <Q, S> void twoWay(ServiceMethod<Q, S> method, TwoWay<Q, S> handler) {
        add(method, exchange -> guarded(exchange, () -> handler.answer(exchange.asking(new byte[0]))));
    }

    /** Makes every call of a service that nobody added answer that it is not served. */
    void refuseTheRest(List<ServiceMethod<?, ?>> methods) {
        for (ServiceMethod<?, ?> method : methods) {
            if (!served.contains(method.fullMethodName())) {
                refuseAlways(method);
            }
        }
    }

    private <Q, S> void refuseAlways(ServiceMethod<Q, S> method) {
        add(method, exchange -> exchange.fail(
                Refusal.unimplemented("this gateway does not serve " + method.methodName() + " yet")));
    }

    /** A call that is about now: done although the past was asked for, it would not be what the caller meant. */
    private <Q, S> void add(ServiceMethod<Q, S> method, TwoWay<Q, S> handler) {
        register(method, exchange -> {
            if (exchange.request().headers().contains(AS_OF)) {
                exchange.fail(Refusal.invalid(method.methodName() + " cannot be asked about the past"));
            } else {
                handler.answer(exchange);
            }
        });
    }

    private <Q, S> void register(ServiceMethod<Q, S> method, TwoWay<Q, S> handler) {
        if (!served.add(method.fullMethodName())) {
            throw new IllegalStateException(method.fullMethodName() + " is served twice");
        }
        server.callHandler(method, request -> open(request, handler));
    }

    private <Q, S> void open(GrpcServerRequest<Q, S> request, TwoWay<Q, S> handler) {
        Context context = Vertx.currentContext();
        request.invalidMessageHandler(invalid -> refuseInvalid(request, invalid));
        Caller caller;
        try {
            caller = callers.of(request.connection(), request.headers());
        } catch (Callers.UnknownCaller | Callers.MalformedId unusable) {
            Refusal refusal = Statuses.of(unusable, UUID.randomUUID().toString());
            request.response().status(refusal.status()).statusMessage(refusal.sentence()).end();
            return;
        }
        // A caller that sent none can use this one to ask again.
        request.response().headers().set(Callers.COMMAND_ID, caller.commandId().value());
        request.response().headers().set(VIEW_AGE, Long.toString(viewAgeMs.getAsLong()));
        handler.answer(new Exchange<>(request, caller, context));
    }

    private static <Q, S> void refuseInvalid(GrpcServerRequest<Q, S> request, InvalidMessageException invalid) {
        boolean large = invalid instanceof MessageSizeOverflowException;
        request.response()
                .status(large ? GrpcStatus.RESOURCE_EXHAUSTED : GrpcStatus.INVALID_ARGUMENT)
                .statusMessage(large ? "the message is too large" : "the message cannot be decoded")
                .end();
    }

    private static <Q, S> void guarded(Exchange<Q, S> exchange, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException failure) {
            refuse(exchange, failure);
        }
    }

    private static void refuse(Exchange<?, ?> exchange, Throwable failure) {
        if (Statuses.of(failure, "").status() == GrpcStatus.INTERNAL) {
            LOG.error("call failed, correlation id {}", exchange.caller().correlationId(), failure);
        }
        exchange.fail(failure);
    }

    private static byte[] bytes(Object message) {
        return message instanceof MessageLite encodable ? encodable.toByteArray() : new byte[0];
    }

    private static void requireSize(Object message, int largest) {
        if (message instanceof MessageLite sized && sized.getSerializedSize() > largest) {
            throw new Refusal(GrpcStatus.RESOURCE_EXHAUSTED, "a message may have at most " + largest + " bytes");
        }
    }
}
