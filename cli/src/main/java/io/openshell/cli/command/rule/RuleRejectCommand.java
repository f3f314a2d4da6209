package io.openshell.cli.command.rule;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.RejectDraftChunkRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rule reject}: the rule is not wanted. */
@Command(name = "reject", description = "Rejects a proposed rule; an approved one is taken out of the policy.")
public final class RuleRejectCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--chunk-id", required = true, paramLabel = "ID", description = "The proposal, as `rule get` names it.")
    String chunkId = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for those who ask later.")
    String reason = "";

    RuleRejectCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String sandbox = session.nameOr(name);
        session.client().call(Rpc.REJECT_DRAFT, RejectDraftChunkRequest.newBuilder().setName(sandbox)
                .setWorkspace(session.workspace()).setChunkId(chunkId).setReason(reason).build());
        context.printer().note("✓ Rejected " + chunkId);
        return ExitCodes.OK;
    }
}
