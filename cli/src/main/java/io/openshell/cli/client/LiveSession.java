package io.openshell.cli.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.streams.WriteStream;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * One call with live input over HTTP/2. Answers arrive on the event loop; input may be sent from any thread.
 *
 * @param <Q> what is sent
 * @param <R> what arrives
 */
public final class LiveSession<Q, R> implements AutoCloseable {
    private static final long OPEN_SECONDS = 10;

    private final Vertx vertx;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<GrpcClientRequest<Q, R>> request = new CompletableFuture<>();

    private LiveSession(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Opens the call.
     *
     * @param first the message that must come first
     * @throws RpcException UNAVAILABLE when it cannot be opened within 10 seconds
     */
    public static <Q, R> LiveSession<Q, R> open(GatewayClient gateway, ServiceMethod<R, Q> method, Q first,
            Consumer<R> onAnswer) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1).setPreferNativeTransport(true).setFileSystemOptions(
                        new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false)));
        LiveSession<Q, R> session = new LiveSession<>(vertx);
        GrpcClient client = GrpcClient.client(vertx, new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        client.request(address(gateway.endpoint()), method).onComplete(opened -> {
            if (opened.failed()) {
                session.request.completeExceptionally(opened.cause());
                return;
            }
            GrpcClientRequest<Q, R> call = opened.result();
            gateway.metadata().forEach((name, value) -> call.headers().add(name, value));
            call.response().onComplete(answer -> session.receive(answer, onAnswer));
            call.write(first).onComplete(written -> session.request.complete(call));
        });
        session.awaitOpen();
        return session;
    }

    private static SocketAddress address(Endpoint endpoint) {
        return switch (endpoint) {
            case Endpoint.Unix unix -> SocketAddress.domainSocketAddress(unix.socket().toString());
            case Endpoint.Plain plain -> SocketAddress.inetSocketAddress(plain.port(), plain.host());
            case Endpoint.Tls ignored -> throw new RpcException(RpcCode.UNIMPLEMENTED,
                    "live input over TLS is not available; use --no-tty and pass the input at once");
        };
    }

    private void awaitOpen() {
        try {
            request.get(OPEN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            close();
            throw new RpcException(RpcCode.UNAVAILABLE, "the session could not be opened: "
                    + (e.getCause() == null ? "no answer within " + OPEN_SECONDS + " s" : e.getCause().getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(RpcCode.CANCELLED, "interrupted");
        }
    }

    private void receive(io.vertx.core.AsyncResult<GrpcClientResponse<Q, R>> answer, Consumer<R> onAnswer) {
        if (answer.failed()) {
            ended.completeExceptionally(new RpcException(RpcCode.UNAVAILABLE, "the session broke: " + answer.cause().getMessage()));
            return;
        }
        GrpcClientResponse<Q, R> response = answer.result();
        response.handler(onAnswer::accept);
        response.exceptionHandler(cause -> ended.completeExceptionally(
                new RpcException(RpcCode.UNAVAILABLE, "the session broke: " + cause.getMessage())));
        response.endHandler(done -> finish(response));
    }

    private void finish(GrpcClientResponse<Q, R> response) {
        GrpcStatus status = response.status();
        if (status == GrpcStatus.OK) {
            ended.complete(null);
        } else {
            String message = response.statusMessage();
            ended.completeExceptionally(new RpcException(RpcCode.of(status == null ? 2 : status.code),
                    message == null ? "the gateway answered " + status : message));
        }
    }

    /** Sends one more message and waits, at most 10 seconds, until it was taken. Returns false when the call is over. */
    public boolean send(Q message) {
        if (ended.isDone()) {
            return false;
        }
        WriteStream<Q> stream = request.join();
        Future<Void> written = stream.write(message);
        try {
            written.toCompletionStage().toCompletableFuture().get(OPEN_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Waits for the end of the call.
     *
     * @throws RpcException when it did not end well
     */
    public void await() {
        try {
            ended.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RpcException failure ? failure
                    : new RpcException(RpcCode.UNKNOWN, String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(RpcCode.CANCELLED, "interrupted");
        }
    }

    /** Whether the call is over. */
    public boolean over() {
        return ended.isDone();
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(OPEN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The process is about to end; its sockets go with it.
            ended.cancel(false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
