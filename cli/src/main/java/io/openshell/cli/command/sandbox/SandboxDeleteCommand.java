package io.openshell.cli.command.sandbox;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.DeleteSandboxRequest;
import io.openshell.wire.v1.ListSandboxesRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sandbox delete}: deletes all it can and fails if one could not be deleted. */
@Command(name = "delete", description = "Deletes sandboxes; their history stays.")
public final class SandboxDeleteCommand implements Callable<Integer> {
    private static final int MAX_LISTED = 1000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final CliContext context;

    @Option(names = "--all", description = "Every sandbox of the workspace.")
    boolean all;

    @Parameters(paramLabel = "NAME", description = "Sandboxes to delete.")
    List<String> names = new ArrayList<>();

    SandboxDeleteCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (all != names.isEmpty()) {
            throw new CliException("name the sandboxes to delete, or say --all.", ExitCodes.USAGE);
        }
        Session session = context.session();
        int exitCode = ExitCodes.OK;
        for (String name : all ? everyName(session) : names) {
            exitCode = Math.max(exitCode, delete(session, name));
        }
        return exitCode;
    }

    private static List<String> everyName(Session session) {
        return session.client().call(Rpc.LIST, ListSandboxesRequest.newBuilder().setWorkspace(session.workspace())
                .setLimit(MAX_LISTED).build()).getSandboxesList().stream().map(one -> one.getMetadata().getName()).toList();
    }

    private int delete(Session session, String name) {
        DeleteSandboxRequest request = DeleteSandboxRequest.newBuilder().setName(name)
                .setWorkspace(session.workspace()).build();
        try {
            boolean deleted = session.client().call(Rpc.DELETE, request, LIMIT).getDeleted();
            session.last().forget(session.workspace(), name);
            context.printer().line(deleted ? "✓ Deleted sandbox " + name : "! Sandbox " + name + " not found");
            return ExitCodes.OK;
        } catch (RpcException e) {
            if (e.code() != RpcCode.NOT_FOUND) {
                throw e;
            }
            context.printer().line("! Sandbox " + name + " not found");
            return ExitCodes.FAILURE;
        }
    }
}
