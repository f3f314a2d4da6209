package io.openshell.cli.command.rule;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.ClearDraftChunksRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rule clear}: pending proposals are put away. */
@Command(name = "clear", description = "Puts pending proposals away until there are new denials.")
public final class RuleClearCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    RuleClearCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String sandbox = session.nameOr(name);
        int cleared = session.client().call(Rpc.CLEAR_DRAFTS, ClearDraftChunksRequest.newBuilder()
                .setName(sandbox).setWorkspace(session.workspace()).build()).getChunksCleared();
        context.printer().note("✓ Cleared " + cleared + " proposals");
        return ExitCodes.OK;
    }
}
