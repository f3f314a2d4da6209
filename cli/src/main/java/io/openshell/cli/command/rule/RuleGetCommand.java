package io.openshell.cli.command.rule;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.sandbox.v1.NetworkEndpoint;
import io.openshell.wire.v1.GetDraftPolicyRequest;
import io.openshell.wire.v1.PolicyChunk;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rule get}: the rules that denials suggest, and what was decided about them. */
@Command(name = "get", description = "Shows proposed rules.")
public final class RuleGetCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--status", paramLabel = "STATUS", description = "Only pending, approved or rejected ones.")
    String status = "";

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    RuleGetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String sandbox = session.nameOr(name);
        if (!Set.of("", "pending", "approved", "rejected").contains(status)) {
            throw new CliException("--status is pending, approved or rejected.", ExitCodes.USAGE);
        }
        List<PolicyChunk> chunks = session.client().call(Rpc.DRAFTS, GetDraftPolicyRequest.newBuilder().setName(sandbox)
                .setWorkspace(session.workspace()).setStatusFilter(status).build()).getChunksList();
        if (format == OutputFormat.table) {
            chunks.forEach(chunk -> context.printer().data(text(chunk).replaceAll("[\\p{Cntrl}&&[^\n]]", "?")));
        } else {
            context.printer().document(format, chunks.stream().map(RuleGetCommand::document).toList());
        }
        return ExitCodes.OK;
    }

    private static String text(PolicyChunk chunk) {
        StringBuilder text = new StringBuilder(chunk.getId() + "  " + chunk.getStatus() + "  " + places(chunk) + "  "
                + chunk.getBinary() + "  " + chunk.getHitCount() + "x  confidence "
                + Math.round(chunk.getConfidence() * 100) / 100.0 + "\n");
        requests(chunk).forEach(request -> text.append("    allow ").append(request).append('\n'));
        if (!chunk.getSecurityNotes().isEmpty()) {
            text.append("    ! ").append(chunk.getSecurityNotes()).append('\n');
        }
        if (chunk.getStatus().equals("pending") && chunk.getValidationResult().startsWith("prover: ")
                && !chunk.getValidationResult().equals("prover: no new findings")) {
            text.append("    ! ").append(chunk.getValidationResult()).append('\n');
        }
        if (chunk.getStatus().equals("pending") && !chunk.getApplicationError().isEmpty()) {
            text.append("    ! cannot be applied: ").append(chunk.getApplicationError()).append('\n');
        }
        if (!chunk.getRejectionReason().isEmpty()) {
            text.append("    ").append(chunk.getRejectionReason()).append('\n');
        }
        return text.toString();
    }

    private static String places(PolicyChunk chunk) {
        return String.join(", ", chunk.getProposedRule().getEndpointsList().stream()
                .flatMap(endpoint -> endpoint.getPortsList().stream().map(port -> endpoint.getHost() + ":" + port)).toList());
    }

    private static List<String> requests(PolicyChunk chunk) {
        return chunk.getProposedRule().getEndpointsList().stream().map(NetworkEndpoint::getRulesList).flatMap(List::stream)
                .map(rule -> rule.getAllow().getMethod() + " " + rule.getAllow().getPath()).toList();
    }

    private static Map<String, @Nullable Object> document(PolicyChunk chunk) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("id", chunk.getId());
        document.put("status", chunk.getStatus());
        document.put("rule_name", chunk.getRuleName());
        document.put("endpoints", places(chunk));
        document.put("requests", requests(chunk));
        document.put("binary", chunk.getBinary());
        document.put("hit_count", chunk.getHitCount());
        document.put("confidence", Math.round(chunk.getConfidence() * 100) / 100.0);
        document.put("stage", chunk.getStage());
        document.put("rationale", chunk.getRationale());
        document.put("security_notes", chunk.getSecurityNotes());
        document.put("rejection_reason", chunk.getRejectionReason());
        document.put("validation_result", chunk.getValidationResult());
        document.put("application_error", chunk.getApplicationError());
        document.put("current_effective_policy_hash", chunk.getCurrentEffectivePolicyHash());
        document.put("candidate_effective_policy_hash", chunk.getCandidateEffectivePolicyHash());
        document.put("review_token", chunk.getReviewToken());
        return document;
    }
}
