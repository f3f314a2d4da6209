package io.openshell.gateway.learn;

import io.openshell.gateway.learn.Chunk.Source;
import io.openshell.gateway.learn.Chunk.Status;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.learn.Denial;
import io.openshell.model.learn.DenialGroup;
import io.openshell.model.learn.Proposal;
import io.openshell.model.learn.RuleCover;
import io.openshell.model.policy.Learning;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.review.PolicyReview;
import io.openshell.model.sandbox.AgentProposal;
import io.openshell.model.sandbox.Drafts;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.projection.verdicts.VerdictLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The proposals of a sandbox: those its denials suggest, and those its programs asked for. Pure. What denials suggest is not
 * stored, only decisions about it are, so it cannot be out of date.
 */
final class Chunks {

    private static final double AGENT_CONFIDENCE = 0.5;

    private final SandboxState.Live sandbox;
    private final PolicyRevision newest;
    private final Standing standing;
    private final List<VerdictLine> lines;
    private final List<Chunk> chunks = new ArrayList<>();

    private Chunks(Standing standing, List<VerdictLine> lines) {
        this.sandbox = standing.sandbox();
        this.newest = standing.newest();
        this.standing = standing;
        this.lines = lines;
    }

    /** All proposals: first those that denials suggest, in the order of their first denial, then the others as they came. */
    static List<Chunk> of(Standing standing, List<VerdictLine> lines) {
        SandboxState.Live sandbox = standing.sandbox();
        Chunks all = new Chunks(standing, lines);
        DenialGroup.apart(denials(lines)).forEach(each -> all.add(each, sandbox.request().sandboxId()));
        sandbox.drafts().proposed().forEach(all::add);
        return List.copyOf(all.chunks);
    }

    private static List<Denial> denials(List<VerdictLine> lines) {
        return lines.stream().filter(line -> lacksRule(line) && line.judgeable().isPresent())
                .filter(line -> line.code().filter(Denial::isAboutRules).isPresent())
                .map(line -> new Denial(line.time(), line.code().orElseThrow(), line.reason(), line.request()))
                .toList();
    }

    /** Adds the proposal of a group; denials after its approval make a proposal of their own, with a name of its own. */
    private void add(List<Denial> denials, String within) {
        DenialGroup group = DenialGroup.ofOne(denials);
        String id = group.id(within);
        Optional<Drafts.Decided> decided = sandbox.drafts().of(id);
        switch (decided.map(Drafts.Decided::verdict).orElse(Drafts.Verdict.UNDONE)) {
            case APPROVED -> {
                List<Denial> later = denials.stream()
                        .filter(denial -> denial.time().isAfter(decided.orElseThrow().at())).toList();
                List<Denial> before = denials.stream().filter(denial -> !later.contains(denial)).toList();
                DenialGroup approved = DenialGroup.ofOne(before.isEmpty() ? denials : before);
                built(id, Status.APPROVED, approved).map(this::asApproved).ifPresent(chunks::add);
                if (!later.isEmpty()) {
                    add(later, within + "/" + decided.orElseThrow().policyVersion());
                }
            }
            case REJECTED -> built(id, Status.REJECTED, group).ifPresent(chunks::add);
            case UNDONE -> built(id, Status.PENDING, group).map(chunk -> settled(chunk, group)).ifPresent(chunks::add);
            case CLEARED -> decided.filter(cleared -> group.last().isAfter(cleared.at()))
                    .flatMap(again -> built(id, Status.PENDING, group)).map(chunk -> settled(chunk, group)).ifPresent(chunks::add);
        }
    }

    /** Adds what a program asked for. */
    private void add(AgentProposal proposal) {
        Chunk chunk = chunk(proposal.id(), Status.PENDING, proposal.ruleName(), proposal.rule(), new Source("agent",
                proposal.rule().binaries().stream().map(NetworkBinary::path).collect(Collectors.joining(", ")), 1,
                proposal.at(), proposal.at(), AGENT_CONFIDENCE, proposal.intent()));
        switch (chunk.decided().map(Drafts.Decided::verdict).orElse(Drafts.Verdict.UNDONE)) {
            case APPROVED -> chunks.add(asApproved(chunk.as(Status.APPROVED, chunk.note())));
            case REJECTED -> chunks.add(chunk.as(Status.REJECTED, chunk.note()));
            case UNDONE, CLEARED -> chunks.add(RuleCover.covers(standing.own(), chunk.rule()) ? covered(chunk) : chunk);
        }
    }

    private Optional<Chunk> built(String id, Status status, DenialGroup group) {
        return Proposal.of(group, newest.policy()).map(proposal -> chunk(id, status, proposal.ruleName(), proposal.rule(),
                new Source(group.stage(), group.binary(), group.count(), group.first(), group.last(), proposal.confidence(),
                        proposal.rationale() + ": " + group.reason())));
    }

    private Chunk chunk(String id, Status status, String ruleName, NetworkRule proposed, Source source) {
        NetworkRule rule = sandbox.drafts().edited(id).orElse(proposed);
        Optional<Drafts.Decided> decided = sandbox.drafts().of(id);
        return new Chunk(id, status, ruleName, rule, source, decided, decided.map(Drafts.Decided::reason).orElse(""),
                Review.of(id, ruleName, rule, standing));
    }

    /** With the rule that was approved, which may not be what would be proposed now. */
    private Chunk asApproved(Chunk chunk) {
        int version = chunk.decided().orElseThrow().policyVersion();
        return sandbox.policies().revision(version).flatMap(Approval::added).map(rule -> new Chunk(chunk.id(), chunk.status(),
                chunk.ruleName(), rule, chunk.source(), chunk.decided(), chunk.note(), chunk.review())).orElse(chunk);
    }

    /** What the newest policy allows by now needs no approval any more, nor does what a program asked for meanwhile. */
    private Chunk settled(Chunk chunk, DenialGroup group) {
        CompiledPolicy policy = CompiledPolicy.compile(Learning.off(standing.own()));
        boolean allowed = lines.stream().filter(line -> lacksRule(line) && isOf(line, group))
                .allMatch(line -> PolicyReview.judge(policy, line.request()).allows());
        return allowed ? covered(chunk) : sandbox.drafts().pendingFor(group.host(), group.port(), group.binary())
                .filter(asked -> asked.at().isAfter(group.first()))
                .map(asked -> chunk.as(Status.REJECTED, "superseded by chunk " + asked.id())).orElse(chunk);
    }

    private Chunk covered(Chunk chunk) {
        return chunk.as(Status.REJECTED, "covered by active policy revision " + newest.version());
    }

    /** It was refused, or let through only because the policy learns. */
    private static boolean lacksRule(VerdictLine line) {
        return !line.allowed() || line.policyKey().equals(Learning.KEY);
    }

    private static boolean isOf(VerdictLine line, DenialGroup group) {
        return line.request().host().equalsIgnoreCase(group.host()) && line.request().port() == group.port()
                && line.request().caller().executable().equals(group.binary());
    }
}
