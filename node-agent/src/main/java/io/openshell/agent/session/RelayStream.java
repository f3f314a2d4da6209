package io.openshell.agent.session;

import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.control.v1.NodeRelayGrpcClient;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call to the gateway on a connection that nothing else uses meanwhile. Touched on the session's context only. */
final class RelayStream {

    /** How the gateway's side ended. */
    sealed interface Ended {
        /** In order. */
        record Finished() implements Ended {}

        /** With a status. */
        record Refused(String code, String message) implements Ended {}

        /** Reset, disconnected or never reached. */
        record Broken(String reason) implements Ended {}
    }

    /** Told on the session's context. */
    interface Events {
        /** The call is open and hello is on its way. */
        void onOpen();

        /** The one frame that was asked for. */
        void onFrame(GatewayFrame frame);

        /** No frame follows. Called once. */
        void onEnd(Ended how);
    }

    /** How long a slow reader may take for what is under way when the process has ended. */
    private static final long LINGER_MILLIS = 15 * 60_000;

    private final Lane lane;
    private final Events events;
    private final RelayConnections connections;
    private final GrpcClient client;
    private final Runnable whenClosed;
    private @Nullable GrpcClientRequest<AgentFrame, GatewayFrame> call;
    private @Nullable GrpcClientResponse<AgentFrame, GatewayFrame> response;
    private Runnable cancelLinger = () -> {};
    private int wanted;
    private boolean ended;
    private boolean finishing;
    private boolean closed;
    private boolean reusable;

    /** {@code whenClosed} runs once, on the session's context, when the connection is no longer needed. */
    RelayStream(Lane lane, RelayConnections connections, Events events, Runnable whenClosed) {
        this.lane = lane;
        this.connections = connections;
        this.events = events;
        this.whenClosed = whenClosed;
        this.client = connections.take();
    }

    /** Dials and sends the first frame. */
    void open(SocketAddress gateway, AgentFrame hello) {
        client.request(gateway, NodeRelayGrpcClient.Open).onComplete(opened -> opened(opened, hello));
    }

    private void opened(AsyncResult<GrpcClientRequest<AgentFrame, GatewayFrame>> opened, AgentFrame hello) {
        if (closed) {
            if (opened.succeeded()) {
                opened.result().cancel();
            }
            return;
        }
        if (opened.failed()) {
            end(new Ended.Broken("the gateway could not be reached: " + opened.cause().getMessage()));
            return;
        }
        call = opened.result();
        call.exceptionHandler(cause -> end(new Ended.Broken("the connection broke: " + cause.getMessage())));
        call.response().onComplete(this::answered);
        call.write(hello);
        events.onOpen();
    }

    private void answered(AsyncResult<GrpcClientResponse<AgentFrame, GatewayFrame>> answer) {
        if (answer.failed()) {
            end(new Ended.Broken("the gateway did not answer: " + answer.cause().getMessage()));
            return;
        }
        GrpcClientResponse<AgentFrame, GatewayFrame> answered = answer.result();
        answered.pause();
        answered.handler(events::onFrame);
        answered.errorHandler(reset -> end(new Ended.Broken("the gateway reset the session: " + reset)));
        answered.exceptionHandler(cause -> end(new Ended.Broken("the connection broke: " + cause.getMessage())));
        answered.invalidMessageHandler(bad -> end(new Ended.Broken("a frame of the gateway could not be read")));
        // Not a handler: an end that came with the head of the answer would have passed before one is set.
        answered.end().onComplete(nothing -> end(ending(answered)));
        response = answered;
        if (wanted > 0) {
            answered.fetch(wanted);
            wanted = 0;
        }
    }

    private static Ended ending(GrpcClientResponse<AgentFrame, GatewayFrame> response) {
        GrpcStatus status = response.status();
        if (status == GrpcStatus.OK) {
            return new Ended.Finished();
        }
        String message = response.statusMessage();
        return status == null
                ? new Ended.Broken("the gateway's answer has no status")
                : new Ended.Refused(status.name(), message == null ? "the gateway refused the session" : message);
    }

    /** Asks for one more frame. */
    void next() {
        if (ended) {
            return;
        }
        if (response == null) {
            wanted++;
        } else {
            response.fetch(1);
        }
    }

    /** Sends a frame; completes when the connection has taken it or never will. */
    Future<Void> send(AgentFrame frame) {
        if (closed || finishing || call == null) {
            return Future.failedFuture("the session is over");
        }
        try {
            return call.write(frame);
        } catch (IllegalStateException reset) {
            return Future.failedFuture(reset);
        }
    }

    /**
     * Sends what is left and the last frame, and closes once the gateway has ended its side: it does so when it has read
     * everything, or when it wants nothing more.
     */
    void finish(Optional<AgentFrame> last) {
        finishing = true;
        if (closed || ended || call == null) {
            close();
            return;
        }
        cancelLinger = lane.later(LINGER_MILLIS, this::close);
        next();
        end(call, last).onFailure(lost -> close());
    }

    private static Future<Void> end(GrpcClientRequest<AgentFrame, GatewayFrame> call, Optional<AgentFrame> last) {
        try {
            return last.isPresent() ? call.end(last.get()) : call.end();
        } catch (IllegalStateException reset) {
            // The gateway ended and reset the call before the last frame, which it thereby does not want.
            return Future.failedFuture(reset);
        }
    }

    /** Gives the call up at once. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        cancelLinger.run();
        if (call != null && !ended) {
            call.cancel();
        }
        if (reusable) {
            connections.give(client);
        } else {
            client.close();
        }
        whenClosed.run();
    }

    private void end(Ended how) {
        if (ended) {
            return;
        }
        ended = true;
        // Both sides are done only then.
        reusable = finishing && how instanceof Ended.Finished;
        if (!closed) {
            events.onEnd(how);
        }
        if (finishing) {
            close();
        }
    }
}
