package io.openshell.agent.session;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Clients for sessions, each with a connection of its own, so that a session whose reader is slow takes no flow-control window from
 * another. The connection of a session that ended well waits for the next one, which then need not dial: {@value #MOST_IDLE} at most,
 * a minute long. Safe for any thread.
 */
final class RelayConnections implements AutoCloseable {
    static final int MOST_IDLE = 8;
    private static final int IDLE_SECONDS = 60;

    /** Larger than the largest frame a gateway accepts from its callers. */
    private static final long LARGEST_FRAME = 4L * 1_048_576 + 131_072;

    private static final int CONNECT_MILLIS = 5_000;

    private final Vertx vertx;
    private final BlockingQueue<GrpcClient> idle = new ArrayBlockingQueue<>(MOST_IDLE);
    private volatile boolean closed;

    RelayConnections(Vertx vertx) {
        this.vertx = vertx;
    }

    /** For one session alone, until it is given back or closed. */
    GrpcClient take() {
        GrpcClient waiting = idle.poll();
        return waiting != null ? waiting : GrpcClient.client(vertx, new GrpcClientOptions().setMaxMessageSize(LARGEST_FRAME),
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false)
                        .setConnectTimeout(CONNECT_MILLIS).setHttp2KeepAliveTimeout(IDLE_SECONDS));
    }

    /** No session uses it any more, and nothing is under way on it. */
    void give(GrpcClient free) {
        if (closed || !idle.offer(free)) {
            free.close();
        } else if (closed) {
            close();
        }
    }

    @Override
    public void close() {
        closed = true;
        List<GrpcClient> waiting = new ArrayList<>();
        idle.drainTo(waiting);
        waiting.forEach(GrpcClient::close);
    }
}
