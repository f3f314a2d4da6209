package io.openshell.cli.command.replay;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.TimelineRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.control.v1.ExportReplayRequest;
import io.openshell.wire.replay.ReplayWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code replay export}: writes an incident file, whole or not at all. */
@Command(name = "export", description = "Writes everything about some sandboxes into one file, private values masked.")
final class ReplayExportCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final CliContext context;

    @Parameters(arity = "1..*", paramLabel = "SANDBOX", description = "Sandboxes, also deleted ones.")
    List<String> names = List.of();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to write; it must not exist yet.")
    Path out = Path.of("");

    @Option(names = "--force", description = "Replace a file that exists.")
    boolean force;

    ReplayExportCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (!force && Files.exists(out)) {
            throw new CliException("the file " + out + " exists; --force replaces it.");
        }
        Session session = context.session();
        ExportReplayRequest request = ExportReplayRequest.newBuilder()
                .setWorkspace(session.workspace()).addAllNames(names).build();
        try {
            // Beside the file and renamed at the end: half a file never looks like a whole one.
            Path part = Files.createFile(Path.of(out + ".part"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                write(session, request, part);
                Files.move(part, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (FileAlreadyExistsException e) {
            throw new CliException("another export writes " + e.getMessage() + ", or was cut off; remove that file first.");
        } catch (IOException e) {
            throw new CliException("the file " + out + " cannot be written: " + e);
        }
        return ExitCodes.OK;
    }

    private void write(Session session, ExportReplayRequest request, Path part) throws IOException {
        try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(part))) {
            ReplayWriter writer = new ReplayWriter(stream);
            session.client().stream(TimelineRpc.EXPORT, request, record -> {
                try {
                    writer.write(record);
                } catch (IOException e) {
                    throw new UncheckedIOException("the file " + out + " cannot be written", e);
                }
                return true;
            }, LIMIT);
            writer.finish();
            context.printer().note("Wrote " + writer.events() + " events and " + writer.activities() + " log lines to " + out);
        }
    }
}
