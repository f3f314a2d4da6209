package io.openshell.cli.command.rule;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.UndoDraftChunkRequest;
import io.openshell.wire.v1.UndoDraftChunkResponse;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rule undo}: an approved rule leaves the policy and is pending again. */
@Command(name = "undo", description = "Takes an approval back; removes only what it added.")
public final class RuleUndoCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--chunk-id", required = true, paramLabel = "ID", description = "The proposal, as `rule get` names it.")
    String chunkId = "";

    RuleUndoCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String sandbox = session.nameOr(name);
        UndoDraftChunkResponse answer = session.client().call(Rpc.UNDO_DRAFT, UndoDraftChunkRequest.newBuilder()
                .setName(sandbox).setWorkspace(session.workspace()).setChunkId(chunkId).build());
        context.printer().note("✓ Took back the approval of " + chunkId + " (policy version " + answer.getPolicyVersion() + ")");
        return ExitCodes.OK;
    }
}
