package io.openshell.agent.session;

import com.google.protobuf.ByteString;
import io.openshell.agent.runtime.ExecRequest;
import io.openshell.model.sandbox.Session;
import io.openshell.wire.control.v1.AttachMainProcess;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.v1.ExecSandboxRequest;

/** What the first frame of a gateway asks for, checked against what the log says was opened. Pure. */
sealed interface Start {

    /**
     * A new process.
     *
     * @param input to write first
     * @param timeoutSeconds 0 for none
     */
    record Exec(ExecRequest request, ByteString input, long timeoutSeconds) implements Start {
        @Override
        public String toString() {
            return "Exec[timeoutSeconds=" + timeoutSeconds + "]";
        }
    }

    /** The main process; sizes of 0 leave its terminal as it is. */
    record Attach(boolean readOnly, int cols, int rows) implements Start {}

    /** Neither. */
    record Refused(String code, String message) implements Start {}

    /** Columns of a terminal that says none. */
    int COLS = 80;

    /** Rows of a terminal that says none. */
    int ROWS = 24;

    /** The kernel's terminal sizes are 16 bits wide. */
    int LARGEST_SIZE = 65_535;

    /** Reads the first frame of a session in a sandbox with this id. */
    static Start of(Session session, String sandboxId, GatewayFrame first) {
        return switch (first.getPayloadCase()) {
            case EXEC -> session.kind() == Session.Kind.EXEC
                    ? exec(session, sandboxId, first.getExec())
                    : new Refused("INVALID_ARGUMENT", "the session was opened to attach, not to run a command");
            case ATTACH -> session.kind() == Session.Kind.ATTACH
                    ? attach(first.getAttach())
                    : new Refused("INVALID_ARGUMENT", "the session was opened to run a command, not to attach");
            case STDIN, INPUT_END, RESIZE, CANCEL, PAYLOAD_NOT_SET ->
                    new Refused("INVALID_ARGUMENT", "the first frame must say what to run");
        };
    }

    private static Start exec(Session session, String sandboxId, ExecSandboxRequest asked) {
        if (!asked.getSandboxId().equals(sandboxId)) {
            return new Refused("NOT_FOUND", "the command is for another sandbox");
        }
        // What runs must be what the history says.
        if (!asked.getCommandList().equals(session.command()) || asked.getTty() != session.tty()) {
            return new Refused("INVALID_ARGUMENT", "the command is not the one the session was opened for");
        }
        if (asked.getCommandCount() == 0 || asked.getCommand(0).isEmpty()) {
            return new Refused("INVALID_ARGUMENT", "command is required");
        }
        String workdir = asked.getWorkdir();
        if (!workdir.isEmpty() && !workdir.startsWith("/")) {
            return new Refused("INVALID_ARGUMENT", "workdir must be absolute");
        }
        ExecRequest request = new ExecRequest(asked.getCommandList(), workdir, asked.getEnvironmentMap(), asked.getTty(),
                size(asked.getCols(), COLS), size(asked.getRows(), ROWS));
        return new Exec(request, asked.getStdin(), Integer.toUnsignedLong(asked.getTimeoutSeconds()));
    }

    private static Start attach(AttachMainProcess asked) {
        return new Attach(asked.getReadOnly(), size(asked.getCols(), 0), size(asked.getRows(), 0));
    }

    /** An unsigned size as the kernel takes it. */
    static int size(int unsigned, int whenZero) {
        return unsigned == 0 ? whenZero : (int) Math.min(Integer.toUnsignedLong(unsigned), LARGEST_SIZE);
    }
}
