package io.openshell.agent.session;

import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.sandbox.Session;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Serves sessions: dials the gateway that waits for one and joins it with a process of the sandbox. */
public final class RelayClient implements AutoCloseable {

    private final Vertx vertx;
    private final String nodeId;
    private final Executor blocking;

    public RelayClient(Vertx vertx, String nodeId, Executor blocking) {
        this.vertx = vertx;
        this.nodeId = nodeId;
        this.blocking = blocking;
    }

    /** Serves one session; completes with how it ended, never exceptionally. */
    public CompletionStage<SessionEnd> serve(Session session, RunningSandbox sandbox) {
        return CompletableFuture.completedFuture(switch (RelayAddress.of(session.relayAddress())) {
            case RelayAddress.Unsupported u -> new SessionEnd.NotStarted("UNSUPPORTED_ADDRESS", u.message());
            case RelayAddress.Reachable r -> new SessionEnd.NotStarted("UNIMPLEMENTED", "cannot dial " + r.socket());
        });
    }

    @Override
    public void close() {
    }
}
