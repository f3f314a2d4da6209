package io.openshell.cli.command.rule;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Parsers;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.GetDraftHistoryRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rule history}: who decided what about proposed rules. */
@Command(name = "history", description = "Shows what was decided about proposals.")
public final class RuleHistoryCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    RuleHistoryCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String sandbox = session.nameOr(name);
        session.client().call(Rpc.DRAFT_HISTORY, GetDraftHistoryRequest.newBuilder().setName(sandbox)
                .setWorkspace(session.workspace()).build()).getEntriesList().forEach(entry -> context.printer().line(
                        (Parsers.time(entry.getTimestampMs()) + "  " + entry.getChunkId() + "  " + entry.getDescription())
                                .replaceAll("\\p{Cntrl}", "?")));
        return ExitCodes.OK;
    }
}
