package io.openshell.agent.session;

import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.sandbox.Session;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves sessions: dials the gateway that waits for one and joins it with a process of the sandbox. Serves at most
 * {@value #MOST_SESSIONS} at once; each holds at most about 1 MiB of input and 256 KiB of output. Safe for any thread.
 */
public final class RelayClient implements AutoCloseable {

    /** Sessions served at once at the most. */
    public static final int MOST_SESSIONS = 64;

    /** Sessions beyond, whose gateways are told so at once. */
    private static final int MOST_REFUSALS = 64;

    /** As long as a process may take to end, and a little. */
    private static final long CLOSE_SECONDS = 12;

    private static final Logger LOG = LoggerFactory.getLogger(RelayClient.class);

    private final Vertx vertx;
    private final String nodeId;
    private final Executor blocking;
    private final RelayConnections connections;
    private final Map<RelaySession, CompletableFuture<SessionEnd>> open = new HashMap<>();
    private int serving;
    private boolean closed;

    /**
     * Starts nothing yet.
     *
     * @param vertx with native transport, because gateways listen on Unix sockets; stays the caller's
     * @param nodeId as registered with the gateway
     * @param blocking runs what waits, several tasks of each session at once: an executor of virtual threads
     */
    public RelayClient(Vertx vertx, String nodeId, Executor blocking) {
        this.vertx = vertx;
        this.nodeId = nodeId;
        this.blocking = blocking;
        this.connections = new RelayConnections(vertx);
    }

    /**
     * Serves one session until its process has ended, its caller has left or the connection is lost. Returns at once.
     *
     * @return how it ended, once its connection is not used any more; never completes exceptionally
     */
    public CompletionStage<SessionEnd> serve(Session session, RunningSandbox sandbox) {
        return serve(session, sandbox, Map::of);
    }

    /** The same, where a new process finds these variables besides the sandbox's own. */
    public CompletionStage<SessionEnd> serve(Session session, RunningSandbox sandbox, Supplier<Map<String, String>> environment) {
        return offer(session, new Offer.Serve(sandbox, environment));
    }

    /** Tells the gateway that waits for the session why there will be none; else as {@link #serve}. */
    public CompletionStage<SessionEnd> refuse(Session session, SessionEnd.NotStarted why) {
        return offer(session, new Offer.Refuse(why));
    }

    private CompletionStage<SessionEnd> offer(Session session, Offer offer) {
        return switch (RelayAddress.of(session.relayAddress())) {
            case RelayAddress.Unsupported u -> notStarted("UNSUPPORTED_ADDRESS", u.message());
            case RelayAddress.Reachable r -> dial(session, offer, r);
        };
    }

    private CompletionStage<SessionEnd> dial(Session session, Offer offer, RelayAddress.Reachable gateway) {
        CompletableFuture<SessionEnd> end = new CompletableFuture<>();
        RelaySession relay;
        boolean full;
        synchronized (this) {
            if (closed) {
                return notStarted("UNAVAILABLE", "the node agent is stopping");
            }
            full = serving >= MOST_SESSIONS;
            if (open.size() - serving >= MOST_REFUSALS && full) {
                return notStarted("RESOURCE_EXHAUSTED", "too many sessions are open on this node");
            }
            Offer made = full
                    ? new Offer.Refuse(new SessionEnd.NotStarted("RESOURCE_EXHAUSTED", "too many sessions are open on this node"))
                    : offer;
            relay = new RelaySession(new Lane(vertx, vertx.getOrCreateContext(), blocking), connections, session, made);
            open.put(relay, end);
            serving += full ? 0 : 1;
        }
        relay.open(gateway.socket(), nodeId).whenComplete((how, impossible) -> {
            synchronized (this) {
                open.remove(relay);
                serving -= full ? 0 : 1;
            }
            end.complete(how);
        });
        return end;
    }

    private static CompletionStage<SessionEnd> notStarted(String code, String message) {
        return CompletableFuture.completedFuture(new SessionEnd.NotStarted(code, message));
    }

    /**
     * Ends every session and what its exec has started; main processes run on. Waits at most 12 s, so it must not be
     * called on an event loop. Later sessions are not started.
     */
    @Override
    public void close() {
        List<CompletableFuture<SessionEnd>> ends;
        synchronized (this) {
            closed = true;
            open.keySet().forEach(RelaySession::abort);
            ends = List.copyOf(open.values());
        }
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            LOG.warn("not every session has ended in time", late);
        }
        connections.close();
    }
}
