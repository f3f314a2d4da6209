package io.openshell.cli.command.sandbox;

import com.google.protobuf.ByteString;
import io.openshell.cli.CliException;
import io.openshell.cli.output.Printer;
import io.openshell.wire.v1.ExecSandboxEvent;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** Passes the output of a remote program on as bytes and remembers its exit status. */
final class RemoteOutput {
    private final Printer printer;
    private volatile int exitCode = -1;
    private volatile boolean ended;

    RemoteOutput(Printer printer) {
        this.printer = printer;
    }

    /** Takes one piece; false once the program has ended. */
    boolean take(ExecSandboxEvent event) {
        switch (event.getPayloadCase()) {
            case STDOUT -> write(printer.out(), event.getStdout().getData());
            case STDERR -> write(printer.err(), event.getStderr().getData());
            case EXIT -> {
                exitCode = event.getExit().getExitCode();
                ended = true;
            }
            case PAYLOAD_NOT_SET -> { }
        }
        // The stream is read to its end, so that a refusal after the exit is not lost.
        return true;
    }

    /** The program's exit status. */
    int exitCode() {
        if (!ended) {
            throw new CliException("the connection ended before the program did.");
        }
        return exitCode;
    }

    private static void write(PrintStream to, ByteString data) {
        try {
            data.writeTo(to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        to.flush();
    }
}
