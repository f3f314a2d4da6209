package io.openshell.gateway.learn;

import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.learn.Denial;
import io.openshell.model.learn.DenialGroup;
import io.openshell.model.learn.Proposal;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.review.PolicyReview;
import io.openshell.model.sandbox.Drafts;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.projection.verdicts.VerdictLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The proposals of a sandbox, from its denials and from what was decided. Pure: proposals are not stored, only decisions are, so
 * nothing can be out of date.
 */
final class Chunks {
    private static final int TOKEN_CHARACTERS = 16;

    private Chunks() {}

    /** All proposals, in the order of their first denial. */
    static List<Chunk> of(SandboxState.Live sandbox, List<VerdictLine> lines) {
        PolicyRevision newest = sandbox.policies().newest().orElseThrow();
        List<Chunk> chunks = new ArrayList<>();
        for (DenialGroup group : DenialGroup.of(denials(lines))) {
            chunk(sandbox, newest, group, lines).ifPresent(chunks::add);
        }
        return List.copyOf(chunks);
    }

    private static List<Denial> denials(List<VerdictLine> lines) {
        return lines.stream().filter(line -> !line.allowed() && line.judgeable().isPresent())
                .filter(line -> line.code().filter(Denial::isAboutRules).isPresent())
                .map(line -> new Denial(line.time(), line.code().orElseThrow(), line.reason(), line.request()))
                .toList();
    }

    private static Optional<Chunk> chunk(
            SandboxState.Live sandbox, PolicyRevision newest, DenialGroup group, List<VerdictLine> lines) {
        String id = group.id(sandbox.request().sandboxId());
        Optional<Drafts.Decided> decided = sandbox.drafts().of(id);
        Drafts.Verdict verdict = decided.map(Drafts.Decided::verdict).orElse(Drafts.Verdict.UNDONE);
        return switch (verdict) {
            case APPROVED -> built(id, Chunk.Status.APPROVED, group, newest, decided);
            case REJECTED -> built(id, Chunk.Status.REJECTED, group, newest, decided);
            case UNDONE -> built(id, Chunk.Status.PENDING, group, newest, decided).map(chunk -> covered(chunk, newest, lines));
            case CLEARED -> decided.filter(cleared -> group.last().isAfter(cleared.at())).flatMap(again ->
                    built(id, Chunk.Status.PENDING, group, newest, decided)).map(chunk -> covered(chunk, newest, lines));
        };
    }

    private static Optional<Chunk> built(
            String id, Chunk.Status status, DenialGroup group, PolicyRevision newest, Optional<Drafts.Decided> decided) {
        return Proposal.of(group, newest.policy()).map(proposal -> new Chunk(id, status, group, proposal, decided,
                decided.map(Drafts.Decided::reason).orElse(""), token(newest, proposal)));
    }

    /** What the newest policy allows by now needs no approval any more. */
    private static Chunk covered(Chunk chunk, PolicyRevision newest, List<VerdictLine> lines) {
        CompiledPolicy policy = CompiledPolicy.compile(newest.policy());
        boolean covered = lines.stream().filter(line -> !line.allowed() && isOf(line, chunk.group()))
                .allMatch(line -> PolicyReview.judge(policy, line.request()).allows());
        return covered ? new Chunk(chunk.id(), Chunk.Status.REJECTED, chunk.group(), chunk.proposal(), chunk.decided(),
                "covered by policy revision " + newest.version(), chunk.token()) : chunk;
    }

    private static boolean isOf(VerdictLine line, DenialGroup group) {
        return line.request().host().equalsIgnoreCase(group.host()) && line.request().port() == group.port()
                && line.request().caller().executable().equals(group.binary());
    }

    private static String token(PolicyRevision newest, Proposal proposal) {
        PolicyDocument both = newest.policy().withNetworkPolicies(
                Map.of("policy " + newest.hash(), proposal.rule()));
        return PolicyHash.of(both).substring(0, TOKEN_CHARACTERS);
    }
}
