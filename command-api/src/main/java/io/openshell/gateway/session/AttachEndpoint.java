package io.openshell.gateway.session;

import com.google.protobuf.ByteString;
import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.model.sandbox.Session;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.control.v1.AttachInput;
import io.openshell.wire.control.v1.AttachMainProcess;
import io.openshell.wire.control.v1.AttachStart;
import io.openshell.wire.control.v1.ControlGrpcService;
import io.openshell.wire.control.v1.FollowMainRequest;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.v1.ExecSandboxEvent;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;

/** Attaching to a sandbox's main process, also after it has ended: its agent keeps the output. */
public final class AttachEndpoint implements RpcGroup {

    private static final int LARGEST_FOLLOW = 4 * 1_048_576 + 1_024;

    private final Vertx vertx;
    private final SessionOpening opening;

    /** Opens sessions through {@code opening}. */
    public AttachEndpoint(Vertx vertx, SessionOpening opening) {
        this.vertx = vertx;
        this.opening = opening;
    }

    @Override
    public void addTo(RpcTable table) {
        table.twoWay(ControlGrpcService.AttachMain, this::attach);
        table.serverStream(ControlGrpcService.FollowMain, LARGEST_FOLLOW, this::follow);
    }

    private void attach(Exchange<AttachInput, ExecSandboxEvent> caller) {
        caller.request().endHandler(early -> caller.fail(Refusal.invalid("the first frame must be start")));
        caller.request().handler(first -> {
            // Input waits on the wire until the process can take it.
            caller.request().pause();
            caller.request().endHandler(null);
            try {
                if (!first.hasStart()) {
                    throw Refusal.invalid("the first frame must be start");
                }
                AttachStart start = first.getStart();
                AttachMainProcess attach = AttachMainProcess.newBuilder()
                        .setReadOnly(start.getReadOnly())
                        .setCols(start.getCols())
                        .setRows(start.getRows())
                        .build();
                run(start.getSandboxId(), attach, new Input(ByteString.EMPTY, false), caller,
                        Optional.of(LiveInput.ofAttach(caller)));
            } catch (RuntimeException failure) {
                caller.fail(failure);
            }
        });
    }

    private void follow(FollowMainRequest request, Exchange<FollowMainRequest, ExecSandboxEvent> caller) {
        boolean readOnly = request.getStdin().isEmpty() && !request.getCloseInput();
        run(request.getSandboxId(), AttachMainProcess.newBuilder().setReadOnly(readOnly).build(),
                new Input(request.getStdin(), request.getCloseInput()), caller, Optional.empty());
    }

    private record Input(ByteString bytes, boolean ends) {}

    private <Q> void run(
            String sandboxId,
            AttachMainProcess attach,
            Input input,
            Exchange<Q, ExecSandboxEvent> caller,
            Optional<LiveInput<Q>> live) {
        SandboxView sandbox = opening.sandbox(sandboxId);
        GatewayFrame first = GatewayFrame.newBuilder().setAttach(attach).build();
        boolean tty = sandbox.state().request().launch().tty();
        Waiting<Q> waiting = new Waiting<>(vertx, caller, live);
        opening.open(sandbox, Session.Kind.ATTACH, List.of(), tty, caller.caller())
                .onComplete(
                        agent -> waiting.joined(agent, session -> session.start(first, input.bytes(), input.ends(), 0)),
                        caller::fail);
    }
}
