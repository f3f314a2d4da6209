package io.openshell.gateway.session;

import io.openshell.gateway.auth.Caller;
import io.openshell.gateway.grpc.Commands;
import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.model.StreamId;
import io.openshell.model.node.NodeState;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.Session;
import io.openshell.projection.nodes.NodeViews;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.projection.sandboxes.SandboxViews;
import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.GatewayFrame;
import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcStatus;
import java.util.List;
import java.util.UUID;

/** Gets an agent to the phone: announces the session in the log and waits for the relay. Safe for any thread. */
public final class SessionOpening {

    private final Commands commands;
    private final SandboxViews sandboxes;
    private final NodeViews nodes;
    private final RelayBroker broker;
    private final String relayAddress;

    /** {@code relayAddress} is where agents find this gateway, for example {@code unix:/run/gateway.sock}. */
    public SessionOpening(
            Commands commands, SandboxViews sandboxes, NodeViews nodes, RelayBroker broker, String relayAddress) {
        this.commands = commands;
        this.sandboxes = sandboxes;
        this.nodes = nodes;
        this.broker = broker;
        this.relayAddress = relayAddress;
    }

    SandboxView sandbox(String id) {
        if (id.isEmpty()) {
            throw Refusal.invalid("sandbox_id is required");
        }
        return sandboxes.byId(id).orElseThrow(() -> Refusal.notFound("sandbox not found"));
    }

    /** The agent's side, once it has come; fails with a {@link Refusal} or a failure of the log. */
    Future<Exchange<AgentFrame, GatewayFrame>> open(
            SandboxView sandbox, Session.Kind kind, List<String> command, boolean tty, Caller caller) {
        if (commands.earlier(caller).isPresent()) {
            // What the first one printed is gone, so the same outcome cannot be had; a second run is not what was meant.
            throw new Refusal(GrpcStatus.ALREADY_EXISTS, "this command id has opened a session already");
        }
        String node = sandbox.state().placement().node();
        requireNode(node);
        String id = UUID.randomUUID().toString();
        Session session = new Session(id, kind, command, tty, relayAddress);
        Future<Exchange<AgentFrame, GatewayFrame>> agent = broker.expect(id, sandbox.id(), node);
        commands.submit(caller, StreamId.sandbox(sandbox.workspace(), sandbox.name()),
                        new SandboxCommand.OpenSession(session))
                .whenComplete((applied, failure) -> {
                    if (failure != null) {
                        broker.abandon(id, failure);
                    }
                });
        return agent;
    }

    private void requireNode(String id) {
        boolean present = nodes.nodes().stream()
                .anyMatch(view -> view.id().equals(id) && view.state() instanceof NodeState.Registered);
        if (!present) {
            throw new Refusal(GrpcStatus.UNAVAILABLE, "the sandbox's node is not connected");
        }
    }
}
