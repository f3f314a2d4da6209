package io.openshell.agent.session;

import com.google.protobuf.ByteString;
import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.control.v1.InputEnd;
import io.openshell.wire.control.v1.NodeRelayGrpcService;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The gateway's side of relays under a test's control, on a Unix socket; reads a frame only when it is asked to. */
final class RelayGateway implements AutoCloseable {

    private static final long LIMIT_SECONDS = 20;

    private final HttpServer server;
    private final String address;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    RelayGateway(Vertx vertx, Path socket) {
        address = "unix:" + socket;
        GrpcServer grpc = GrpcServer.server(vertx, new GrpcServerOptions().setMaxMessageSize(8 << 20));
        grpc.callHandler(NodeRelayGrpcService.Open, request -> calls.add(new Call(request)));
        server = vertx.createHttpServer().requestHandler(grpc);
        await(server.listen(SocketAddress.domainSocketAddress(socket.toString())));
    }

    String address() {
        return address;
    }

    /** The next agent that dials. */
    Call accept() {
        return poll(calls, "no agent dialled");
    }

    @Override
    public void close() {
        await(server.close());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError("did not complete: " + failed, failed);
        }
    }

    static <T> T poll(BlockingQueue<T> queue, String complaint) {
        try {
            T next = queue.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError(complaint);
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** One agent's call. */
    static final class Call {
        private final CompletableFuture<Void> agentEnded = new CompletableFuture<>();
        private final GrpcServerRequest<AgentFrame, GatewayFrame> request;
        private final Context context = Vertx.currentContext();
        private final BlockingQueue<AgentFrame> frames = new LinkedBlockingQueue<>();

        Call(GrpcServerRequest<AgentFrame, GatewayFrame> request) {
            this.request = request;
            request.pause();
            request.handler(frames::add);
            request.endHandler(nothing -> agentEnded.complete(null));
            request.errorHandler(reset -> agentEnded.completeExceptionally(new IllegalStateException("reset " + reset)));
            request.exceptionHandler(agentEnded::completeExceptionally);
            request.response().exceptionHandler(agentEnded::completeExceptionally);
        }

        /** Reads one frame. */
        AgentFrame take() {
            context.runOnContext(nothing -> request.fetch(1));
            return poll(frames, "no frame came");
        }

        /** Completes with the agent's end of the stream once everything before it was read. */
        CompletableFuture<Void> drained() {
            context.runOnContext(nothing -> request.resume());
            return agentEnded;
        }

        /** Writes a frame and waits, without limit of its own, until the connection has taken it. */
        CompletableFuture<Void> write(GatewayFrame frame) {
            CompletableFuture<Void> written = new CompletableFuture<>();
            context.runOnContext(nothing -> request.response().write(frame)
                    .onComplete(done -> written.complete(null), written::completeExceptionally));
            return written;
        }

        void send(GatewayFrame.Builder frame) {
            write(frame.build());
        }

        CompletableFuture<Void> stdin(byte[] bytes, int from, int length) {
            return write(GatewayFrame.newBuilder().setStdin(ByteString.copyFrom(bytes, from, length)).build());
        }

        void endInput() {
            send(GatewayFrame.newBuilder().setInputEnd(InputEnd.getDefaultInstance()));
        }

        void end() {
            context.runOnContext(nothing -> request.response().end());
        }

        void refuse(GrpcStatus status, String message) {
            context.runOnContext(nothing -> request.response().status(status).statusMessage(message).end());
        }

        void reset() {
            context.runOnContext(nothing -> request.response().cancel());
        }

        void disconnect() {
            context.runOnContext(nothing -> request.connection().close());
        }
    }
}
