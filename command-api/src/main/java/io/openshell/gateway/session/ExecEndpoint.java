package io.openshell.gateway.session;

import com.google.protobuf.ByteString;
import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.model.sandbox.Session;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.v1.ExecSandboxEvent;
import io.openshell.wire.v1.ExecSandboxInput;
import io.openshell.wire.v1.ExecSandboxRequest;
import io.openshell.wire.v1.OpenShellGrpcService;
import io.vertx.core.Vertx;
import java.util.Optional;

/** Running a command in a sandbox, with or without live input. */
public final class ExecEndpoint implements RpcGroup {

    private final Vertx vertx;
    private final SessionOpening opening;

    /** Opens sessions through {@code opening}. */
    public ExecEndpoint(Vertx vertx, SessionOpening opening) {
        this.vertx = vertx;
        this.opening = opening;
    }

    @Override
    public void addTo(RpcTable table) {
        table.serverStream(OpenShellGrpcService.ExecSandbox, this::exec);
        table.twoWay(OpenShellGrpcService.ExecSandboxInteractive, this::interactive);
    }

    private void exec(ExecSandboxRequest request, Exchange<ExecSandboxRequest, ExecSandboxEvent> caller) {
        run(request, caller, Optional.empty());
    }

    private void interactive(Exchange<ExecSandboxInput, ExecSandboxEvent> caller) {
        caller.request().endHandler(early -> caller.fail(Refusal.invalid("the first frame must be start")));
        caller.request().handler(first -> {
            // Input waits on the wire until the process can take it.
            caller.request().pause();
            caller.request().endHandler(null);
            try {
                if (!first.hasStart()) {
                    throw Refusal.invalid("the first frame must be start");
                }
                run(first.getStart(), caller, Optional.of(LiveInput.ofExec(caller)));
            } catch (RuntimeException failure) {
                caller.fail(failure);
            }
        });
    }

    private <Q> void run(
            ExecSandboxRequest request, Exchange<Q, ExecSandboxEvent> caller, Optional<LiveInput<Q>> live) {
        ExecRules.check(request);
        SandboxView sandbox = opening.sandbox(request.getSandboxId());
        sandbox.state().notReady().ifPresent(why -> {
            throw Refusal.precondition(why);
        });
        GatewayFrame first = GatewayFrame.newBuilder().setExec(request.toBuilder().clearStdin()).build();
        ByteString input = request.getStdin();
        Waiting<Q> waiting = new Waiting<>(vertx, caller, live);
        opening.open(sandbox, Session.Kind.EXEC, request.getCommandList(), request.getTty(), caller.caller())
                .onComplete(
                        agent -> waiting.joined(agent, session -> session.start(
                                first, input, live.isEmpty(), Integer.toUnsignedLong(request.getTimeoutSeconds()))),
                        caller::fail);
    }
}
