package io.openshell.gateway.session;

import io.openshell.gateway.grpc.Exchange;
import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.Cancel;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.v1.ExecSandboxEvent;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A caller from its request to the moment its agent comes. Notices when the caller leaves in between. State is touched
 * on the caller's event loop only.
 */
final class Waiting<Q> {

    private final Vertx vertx;
    private final Exchange<Q, ExecSandboxEvent> caller;
    private final Optional<LiveInput<Q>> live;
    private boolean gone;
    private @Nullable JoinedSession<Q> session;

    /** Must be made on the caller's event loop. */
    Waiting(Vertx vertx, Exchange<Q, ExecSandboxEvent> caller, Optional<LiveInput<Q>> live) {
        this.vertx = vertx;
        this.caller = caller;
        this.live = live;
        caller.onLost(this::left);
    }

    private void left() {
        gone = true;
        if (session != null) {
            session.callerGone();
        }
    }

    /** The agent has come. Any thread. */
    void joined(Exchange<AgentFrame, GatewayFrame> agent, Consumer<JoinedSession<Q>> start) {
        caller.context().runOnContext(nothing -> {
            if (gone) {
                agent.context().runOnContext(there -> agent.response().end(
                        GatewayFrame.newBuilder().setCancel(Cancel.getDefaultInstance()).build()));
                return;
            }
            JoinedSession<Q> joined = new JoinedSession<>(vertx, caller, agent);
            session = joined;
            start.accept(joined);
            live.ifPresent(input -> input.start(agent, joined::endInput));
        });
    }
}
