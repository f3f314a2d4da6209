package io.openshell.cli.command.rule;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.command.policy.PolicyFile;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import io.openshell.wire.v1.EditDraftChunkRequest;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rule edit}: another rule in the place of a proposed one. */
@Command(name = "edit", description = "Puts another rule in the place of a proposed one that is pending.")
public final class RuleEditCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--chunk-id", required = true, paramLabel = "ID", description = "The proposal, as `rule get` names it.")
    String chunkId = "";

    @Option(names = "--policy", required = true, paramLabel = "FILE",
            description = "A policy whose only entry of network_policies is the rule.")
    Path file = Path.of("");

    RuleEditCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        SandboxPolicy policy = PolicyFile.read(file);
        if (policy.getNetworkPoliciesCount() != 1) {
            throw new CliException(file + " has " + policy.getNetworkPoliciesCount() + " entries in network_policies; one is needed.");
        }
        Session session = context.session();
        session.client().call(Rpc.EDIT_DRAFT, EditDraftChunkRequest.newBuilder().setName(session.nameOr(name))
                .setWorkspace(session.workspace()).setChunkId(chunkId)
                .setProposedRule(policy.getNetworkPoliciesMap().values().iterator().next()).build());
        context.printer().note("✓ Edited " + chunkId + "; it is still pending");
        return ExitCodes.OK;
    }
}
