package io.openshell.gateway.learn;

import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.learn.Denial;
import io.openshell.model.learn.DenialGroup;
import io.openshell.model.learn.Proposal;
import io.openshell.model.policy.Learning;
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

    /** What the proposals of one sandbox are made from. */
    private record Scene(SandboxState.Live sandbox, PolicyRevision newest, List<VerdictLine> lines) {}

    /** All proposals, in the order of their first denial. */
    static List<Chunk> of(SandboxState.Live sandbox, List<VerdictLine> lines) {
        Scene scene = new Scene(sandbox, sandbox.policies().newest().orElseThrow(), lines);
        List<Chunk> chunks = new ArrayList<>();
        DenialGroup.apart(denials(lines)).forEach(each -> add(scene, each, sandbox.request().sandboxId(), chunks));
        return List.copyOf(chunks);
    }

    private static List<Denial> denials(List<VerdictLine> lines) {
        return lines.stream().filter(line -> lacksRule(line) && line.judgeable().isPresent())
                .filter(line -> line.code().filter(Denial::isAboutRules).isPresent())
                .map(line -> new Denial(line.time(), line.code().orElseThrow(), line.reason(), line.request()))
                .toList();
    }

    /** Adds the proposal of a group; denials after its approval make a proposal of their own, with a name of its own. */
    private static void add(Scene scene, List<Denial> denials, String within, List<Chunk> chunks) {
        DenialGroup group = DenialGroup.ofOne(denials);
        String id = group.id(within);
        Optional<Drafts.Decided> decided = scene.sandbox().drafts().of(id);
        Drafts.Verdict verdict = decided.map(Drafts.Decided::verdict).orElse(Drafts.Verdict.UNDONE);
        switch (verdict) {
            case APPROVED -> {
                List<Denial> later = denials.stream()
                        .filter(denial -> denial.time().isAfter(decided.orElseThrow().at())).toList();
                List<Denial> before = denials.stream().filter(denial -> !later.contains(denial)).toList();
                DenialGroup approved = DenialGroup.ofOne(before.isEmpty() ? denials : before);
                built(id, Chunk.Status.APPROVED, approved, scene.newest(), decided)
                        .map(chunk -> asApproved(chunk, scene.sandbox())).ifPresent(chunks::add);
                if (!later.isEmpty()) {
                    add(scene, later, within + "/" + decided.orElseThrow().policyVersion(), chunks);
                }
            }
            case REJECTED -> built(id, Chunk.Status.REJECTED, group, scene.newest(), decided).ifPresent(chunks::add);
            case UNDONE -> pending(scene, id, group, decided).ifPresent(chunks::add);
            case CLEARED -> decided.filter(cleared -> group.last().isAfter(cleared.at()))
                    .flatMap(again -> pending(scene, id, group, decided)).ifPresent(chunks::add);
        }
    }

    private static Optional<Chunk> pending(Scene scene, String id, DenialGroup group, Optional<Drafts.Decided> decided) {
        return built(id, Chunk.Status.PENDING, group, scene.newest(), decided)
                .map(chunk -> covered(chunk, scene.newest(), scene.lines()));
    }

    /** With the rule that was approved, which may not be what would be proposed now. */
    private static Chunk asApproved(Chunk chunk, SandboxState.Live sandbox) {
        int version = chunk.decided().orElseThrow().policyVersion();
        return sandbox.policies().revision(version).flatMap(Approval::added).map(rule -> new Chunk(chunk.id(), chunk.status(),
                chunk.group(), new Proposal(chunk.proposal().ruleName(), rule, chunk.proposal().confidence(),
                        chunk.proposal().rationale()), chunk.decided(), chunk.note(), chunk.token())).orElse(chunk);
    }

    private static Optional<Chunk> built(
            String id, Chunk.Status status, DenialGroup group, PolicyRevision newest, Optional<Drafts.Decided> decided) {
        return Proposal.of(group, newest.policy()).map(proposal -> new Chunk(id, status, group, proposal, decided,
                decided.map(Drafts.Decided::reason).orElse(""), token(newest, proposal)));
    }

    /** What the newest policy allows by now needs no approval any more. */
    private static Chunk covered(Chunk chunk, PolicyRevision newest, List<VerdictLine> lines) {
        CompiledPolicy policy = CompiledPolicy.compile(Learning.off(newest.policy()));
        boolean covered = lines.stream().filter(line -> lacksRule(line) && isOf(line, chunk.group()))
                .allMatch(line -> PolicyReview.judge(policy, line.request()).allows());
        return covered ? new Chunk(chunk.id(), Chunk.Status.REJECTED, chunk.group(), chunk.proposal(), chunk.decided(),
                "covered by policy revision " + newest.version(), chunk.token()) : chunk;
    }

    /** It was refused, or let through only because the policy learns. */
    private static boolean lacksRule(VerdictLine line) {
        return !line.allowed() || line.policyKey().equals(Learning.KEY);
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
