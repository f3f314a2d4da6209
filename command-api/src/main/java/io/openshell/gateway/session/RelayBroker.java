package io.openshell.gateway.session;

import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.GatewayFrame;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a caller who waits and the agent it waits for find each other. Safe for any thread; holds at most 256 waiting
 * callers, 32 of one sandbox, each for a limited time.
 */
public final class RelayBroker {

    /** How long a caller waits for the agent. */
    public static final Duration CLAIM_LIMIT = Duration.ofSeconds(10);

    /** Waiting callers at the most. */
    public static final int MOST_PENDING = 256;

    /** Waiting callers of one sandbox at the most. */
    public static final int MOST_PENDING_OF_ONE = 32;

    private final Vertx vertx;
    private final Duration claimLimit;
    private final Map<String, Pending> pending = new HashMap<>();

    private record Pending(
            String sandboxId, String nodeId, Promise<Exchange<AgentFrame, GatewayFrame>> promise, long timer) {}

    /** Lets callers wait for this long. */
    public RelayBroker(Vertx vertx, Duration claimLimit) {
        this.vertx = vertx;
        this.claimLimit = claimLimit;
    }

    /**
     * Waits for the agent of a node to open the relay. The future fails with a {@link Refusal} when it does not in time.
     *
     * @throws Refusal when too many wait already
     */
    public synchronized Future<Exchange<AgentFrame, GatewayFrame>> expect(
            String relayId, String sandboxId, String nodeId) {
        long same = pending.values().stream().filter(each -> each.sandboxId().equals(sandboxId)).count();
        if (pending.size() >= MOST_PENDING || same >= MOST_PENDING_OF_ONE) {
            throw new Refusal(GrpcStatus.RESOURCE_EXHAUSTED, "too many sessions wait for their sandbox to answer");
        }
        Promise<Exchange<AgentFrame, GatewayFrame>> promise = Promise.promise();
        long timer = vertx.setTimer(claimLimit.toMillis(), fired -> abandon(relayId, new Refusal(
                GrpcStatus.DEADLINE_EXCEEDED, "the sandbox's node did not open the session in time")));
        pending.put(relayId, new Pending(sandboxId, nodeId, promise, timer));
        return promise.future();
    }

    /** Stops waiting; the waiting future fails with this reason. Nothing happens when nobody waits. */
    public void abandon(String relayId, Throwable reason) {
        Pending gone;
        synchronized (this) {
            gone = pending.remove(relayId);
        }
        if (gone != null) {
            vertx.cancelTimer(gone.timer());
            gone.promise().tryFail(reason);
        }
    }

    /**
     * The agent has come. A relay of another node stays open for its own.
     *
     * @throws Refusal when nobody waits for it, or another node should have come
     */
    void claim(String relayId, String nodeId, Exchange<AgentFrame, GatewayFrame> agent) {
        Pending found;
        synchronized (this) {
            found = pending.get(relayId);
            if (found == null) {
                throw Refusal.notFound("no session waits for this relay");
            }
            if (!found.nodeId().equals(nodeId)) {
                throw new Refusal(GrpcStatus.PERMISSION_DENIED, "the relay belongs to another node");
            }
            pending.remove(relayId);
        }
        vertx.cancelTimer(found.timer());
        found.promise().complete(agent);
    }

    /** Callers who wait now. */
    synchronized int waiting() {
        return pending.size();
    }
}
