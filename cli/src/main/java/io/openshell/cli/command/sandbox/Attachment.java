package io.openshell.cli.command.sandbox;

import com.google.protobuf.ByteString;
import io.openshell.cli.client.LiveSession;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.terminal.Terminal;
import io.openshell.wire.control.v1.AttachInput;
import io.openshell.wire.control.v1.AttachStart;
import io.openshell.wire.control.v1.CloseInput;
import io.openshell.wire.control.v1.ControlGrpcClient;
import io.openshell.wire.control.v1.FollowMainRequest;
import io.openshell.wire.v1.ExecSandboxEvent;
import io.openshell.wire.v1.ExecSandboxInput;
import io.openshell.wire.v1.ExecSandboxRequest;
import io.openshell.wire.v1.ExecSandboxWindowResize;
import io.openshell.wire.v1.OpenShellGrpcClient;
import org.jspecify.annotations.Nullable;

/** Joins this terminal or these pipes with a program in a sandbox. */
final class Attachment {
    private final CliContext context;
    private final Session session;

    Attachment(CliContext context, Session session) {
        this.context = context;
        this.session = session;
    }

    /** Attaches to the main process and returns its exit status. */
    int toMain(String sandboxId, boolean terminal) {
        boolean typed = terminal && context.terminal().stdin();
        if (typed || context.terminal().stdinMayStayOpen()) {
            return liveMain(sandboxId, typed);
        }
        FollowMainRequest request = FollowMainRequest.newBuilder().setSandboxId(sandboxId).setCloseInput(true)
                .setStdin(context.terminal().stdin() ? ByteString.EMPTY : PipedInput.read(context.in())).build();
        RemoteOutput output = new RemoteOutput(context.printer());
        session.client().stream(Rpc.FOLLOW_MAIN, request, output::take, null);
        return output.exitCode();
    }

    private int liveMain(String sandboxId, boolean typed) {
        AttachStart.Builder start = AttachStart.newBuilder().setSandboxId(sandboxId);
        if (typed) {
            Terminal.Size size = context.terminal().size();
            start.setCols(size.columns()).setRows(size.rows());
        }
        RemoteOutput output = new RemoteOutput(context.printer());
        try (LiveSession<AttachInput, ExecSandboxEvent> live = LiveSession.open(session.client(),
                ControlGrpcClient.AttachMain, AttachInput.newBuilder().setStart(start).build(), output::take)) {
            LiveInput.Wire<AttachInput> wire = new LiveInput.Wire<>(
                    bytes -> AttachInput.newBuilder().setStdin(bytes).build(),
                    size -> AttachInput.newBuilder().setResize(resize(size)).build(),
                    AttachInput.newBuilder().setCloseInput(CloseInput.getDefaultInstance()).build());
            join(live, wire, typed);
        }
        return output.exitCode();
    }

    /** Runs a command with a terminal and returns its exit status. */
    int exec(ExecSandboxRequest request) {
        Terminal.Size size = context.terminal().size();
        ExecSandboxInput first = ExecSandboxInput.newBuilder()
                .setStart(request.toBuilder().setCols(size.columns()).setRows(size.rows())).build();
        RemoteOutput output = new RemoteOutput(context.printer());
        try (LiveSession<ExecSandboxInput, ExecSandboxEvent> live = LiveSession.open(session.client(),
                OpenShellGrpcClient.ExecSandboxInteractive, first, output::take)) {
            @Nullable ExecSandboxInput atEnd = null;
            join(live, new LiveInput.Wire<>(bytes -> ExecSandboxInput.newBuilder().setStdin(bytes).build(),
                    changed -> ExecSandboxInput.newBuilder().setResize(resize(changed)).build(), atEnd), true);
        }
        return output.exitCode();
    }

    private static ExecSandboxWindowResize resize(Terminal.Size size) {
        return ExecSandboxWindowResize.newBuilder().setCols(size.columns()).setRows(size.rows()).build();
    }

    private <Q> void join(LiveSession<Q, ExecSandboxEvent> live, LiveInput.Wire<Q> wire, boolean typed) {
        LiveInput<Q> input = new LiveInput<>(live, wire);
        if (!typed) {
            input.pump(context.in());
            live.await();
            return;
        }
        try (Terminal.RawMode raw = context.terminal().raw()) {
            input.pump(context.in());
            input.followSize(context.terminal());
            live.await();
        }
    }
}
