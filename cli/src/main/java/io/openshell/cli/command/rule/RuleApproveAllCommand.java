package io.openshell.cli.command.rule;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.ApproveAllDraftChunksRequest;
import io.openshell.wire.v1.ApproveAllDraftChunksResponse;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rule approve-all}: every pending rule becomes part of the policy. */
@Command(name = "approve-all", description = "Approves every pending rule without security notes.")
public final class RuleApproveAllCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--include-security-flagged", description = "Also those with security notes.")
    boolean flagged;

    RuleApproveAllCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String sandbox = session.nameOr(name);
        ApproveAllDraftChunksResponse answer = session.client().call(Rpc.APPROVE_DRAFTS, ApproveAllDraftChunksRequest.newBuilder()
                .setName(sandbox).setWorkspace(session.workspace()).setIncludeSecurityFlagged(flagged).build());
        context.printer().note("✓ Approved " + answer.getChunksApproved() + ", skipped " + answer.getChunksSkipped()
                + " with security notes (policy version " + answer.getPolicyVersion() + ")");
        return ExitCodes.OK;
    }
}
