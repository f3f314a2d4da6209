package io.openshell.cli.command.rule;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.ApproveDraftChunkRequest;
import io.openshell.wire.v1.ApproveDraftChunkResponse;
import io.openshell.wire.v1.GetDraftPolicyRequest;
import io.openshell.wire.v1.PolicyChunk;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rule approve}: the proposed rule becomes an entry of the policy. */
@Command(name = "approve", description = "Adds a proposed rule to the policy.")
public final class RuleApproveCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--chunk-id", required = true, paramLabel = "ID", description = "The proposal, as `rule get` names it.")
    String chunkId = "";

    @Option(names = "--review-token", paramLabel = "TOKEN",
            description = "Approve only what was looked at: the token `rule get -o json` showed (default: approve as it is now).")
    @Nullable String token;

    RuleApproveCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String sandbox = session.nameOr(name);
        PolicyChunk chunk = session.client().call(Rpc.DRAFTS, GetDraftPolicyRequest.newBuilder().setName(sandbox)
                        .setWorkspace(session.workspace()).build()).getChunksList().stream()
                .filter(one -> one.getId().equals(chunkId)).findFirst()
                .orElseThrow(() -> new CliException("sandbox " + sandbox + " has no proposal '" + chunkId + "'."));
        ApproveDraftChunkResponse answer = session.client().call(Rpc.APPROVE_DRAFT, ApproveDraftChunkRequest.newBuilder()
                .setName(sandbox).setWorkspace(session.workspace()).setChunkId(chunkId)
                .setReviewToken(token == null ? chunk.getReviewToken() : token).build());
        context.printer().note("✓ Approved " + chunkId + " (policy version " + answer.getPolicyVersion() + ")");
        return ExitCodes.OK;
    }
}
