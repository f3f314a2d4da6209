package io.openshell.bench;

import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** gRPC calls over connections that stay open to the gateway's Unix socket, as a long-lived client makes them. Any thread. */
public final class GatewayCalls implements AutoCloseable {
    private static final long CALL_SECONDS = 15;
    private static final int CONNECTIONS = 4;
    private static final int CALLS_PER_CONNECTION = 64;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1).setPreferNativeTransport(true));
    private final GrpcClient client;
    private final SocketAddress address;

    /** Calls to this socket. */
    public GatewayCalls(Path socket) {
        address = SocketAddress.domainSocketAddress(socket.toString());
        HttpClientOptions options = new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false).setHttp2MultiplexingLimit(CALLS_PER_CONNECTION);
        client = GrpcClient.client(vertx, vertx.createHttpClient(options, new PoolOptions().setHttp2MaxSize(CONNECTIONS)));
    }

    /**
     * One request; the answers are handed on from the event loop, in order.
     *
     * @return completes at the end of the call; fails with {@link RpcException} when it did not end well within 15 seconds
     */
    public <Q, R> CompletableFuture<Void> call(ServiceMethod<R, Q> method, Q request, Consumer<R> onAnswer) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        client.request(address, method).onComplete(opened -> {
            if (opened.failed()) {
                ended.completeExceptionally(opened.cause());
                return;
            }
            // Listening before anything is sent, on the event loop: nothing of the answer passes unheard.
            opened.result().response().onComplete(answer -> {
                if (answer.failed()) {
                    ended.completeExceptionally(answer.cause());
                } else {
                    receive(answer.result(), onAnswer, ended);
                }
            });
            opened.result().end(request);
        });
        return ended.orTimeout(CALL_SECONDS, TimeUnit.SECONDS);
    }

    private static <Q, R> void receive(GrpcClientResponse<Q, R> response, Consumer<R> onAnswer, CompletableFuture<Void> ended) {
        response.handler(onAnswer::accept);
        response.exceptionHandler(ended::completeExceptionally);
        response.end().onComplete(done -> {
            GrpcStatus status = response.status();
            if (status == GrpcStatus.OK) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(new RpcException(RpcCode.of(status == null ? 2 : status.code),
                        String.valueOf(response.statusMessage())));
            }
        });
    }

    @Override
    public void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(CALL_SECONDS, TimeUnit.SECONDS);
    }
}
