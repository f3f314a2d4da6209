package io.openshell.cli.command.policy;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.model.policy.Learning;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.merge.MergeOperation;
import io.openshell.wire.policy.MergeCodec;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.policy.PolicyYaml;
import io.openshell.wire.v1.AddNetworkRule;
import io.openshell.wire.v1.GetDraftPolicyRequest;
import io.openshell.wire.v1.PolicyChunk;
import io.openshell.wire.v1.PolicyMergeOperation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy learned}: one policy out of everything a sandbox lacked a rule for, to be read, changed, and set. */
@Command(name = "learned", description = "Prints the policy that would allow what was seen so far.")
public final class PolicyLearnedCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--include-security-flagged", description = "Also what carries security notes.")
    boolean flagged;

    PolicyLearnedCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String sandbox = session.nameOr(name);
        PolicyDocument policy = Learning.off(PolicyCodec.decode(new RevisionWait(session, sandbox).revision(0).getPolicy()));
        List<PolicyChunk> chunks = session.client().call(Rpc.DRAFTS, GetDraftPolicyRequest.newBuilder().setName(sandbox)
                .setWorkspace(session.workspace()).setStatusFilter("pending").build()).getChunksList();
        Map<String, NetworkRule> rules = new TreeMap<>(policy.networkPolicies());
        for (PolicyChunk chunk : chunks) {
            if (chunk.getSecurityNotes().isEmpty() || flagged) {
                add(chunk, rules);
            } else {
                context.printer().note("! left out " + chunk.getRuleName() + " for " + chunk.getBinary() + ": "
                        + chunk.getSecurityNotes());
            }
        }
        context.printer().data(PolicyYaml.write(policy.withNetworkPolicies(rules)));
        return ExitCodes.OK;
    }

    /** The rule as an entry of its own: merged into others, it could let a program do what only another was seen doing. */
    private static void add(PolicyChunk chunk, Map<String, NetworkRule> rules) {
        PolicyMergeOperation message = PolicyMergeOperation.newBuilder().setAddRule(
                AddNetworkRule.newBuilder().setRuleName(chunk.getRuleName()).setRule(chunk.getProposedRule())).build();
        for (MergeOperation operation : MergeCodec.decode(List.of(message)).orElse(List.of())) {
            if (operation instanceof MergeOperation.AddRule added) {
                String key = added.key();
                for (int i = 2; rules.containsKey(key); i++) {
                    key = added.key() + "_" + i;
                }
                rules.put(key, added.rule());
            }
        }
    }
}
