package io.openshell.agent.advise;

import io.openshell.agent.desired.DesiredSandbox;
import io.openshell.agent.plan.Generations;
import io.openshell.agent.report.Reporter;
import io.openshell.model.Aggregates;
import io.openshell.model.CommandRejected;
import io.openshell.model.Event;
import io.openshell.model.Surroundings;
import io.openshell.model.learn.ProposalBody;
import io.openshell.model.learn.RuleCover;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.AgentProposal;
import io.openshell.model.sandbox.Drafts;
import io.openshell.model.sandbox.ProvidedRules;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.settings.EffectiveSettings;
import io.openshell.proxy.PolicyAdvisor;
import io.openshell.wire.policy.PolicyYaml;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Answers the programs of one sandbox out of what the node knows of it. A rule is asked for with a command, which the gateway
 * decides about like any other; whether it was taken shows in the node's feed. Never blocks; safe for any thread.
 */
public final class SandboxAdvisor implements PolicyAdvisor {

    private static final Duration TAKEN = Duration.ofSeconds(10);

    private final String sandboxId;
    private final Node node;
    private final RecentDenials denials;
    private final LongSupplier generation;
    private final ProposalRate rate = new ProposalRate();

    /**
     * What the advisors of one node share.
     *
     * @param desired what the log wants of a sandbox, by id
     * @param around what is said for every sandbox
     */
    public record Node(
            Function<String, Optional<DesiredSandbox>> desired,
            Supplier<Surroundings> around,
            Reporter reporter,
            FeedWaits waits) {

        /** The advisor of one sandbox, whose proxy decides by this generation. */
        public SandboxAdvisor of(String sandboxId, RecentDenials denials, LongSupplier generation) {
            return new SandboxAdvisor(sandboxId, this, denials, generation);
        }
    }

    private SandboxAdvisor(String sandboxId, Node node, RecentDenials denials, LongSupplier generation) {
        this.sandboxId = sandboxId;
        this.node = node;
        this.denials = denials;
        this.generation = generation;
    }

    private Optional<SandboxState.Live> live() {
        return node.desired().apply(sandboxId).map(DesiredSandbox::state)
                .filter(SandboxState.Live.class::isInstance).map(SandboxState.Live.class::cast);
    }

    @Override
    public boolean enabled() {
        return live().map(live -> new EffectiveSettings(node.around().get().settings(), live.settings()).proposalsEnabled())
                .orElse(false);
    }

    @Override
    public Optional<String> policy() {
        return live().flatMap(this::inForce).map(PolicyYaml::write);
    }

    /** What the proxy decides by at this moment. */
    private Optional<PolicyDocument> inForce(SandboxState.Live live) {
        long now = generation.getAsLong();
        int version = Generations.version(now);
        if (!Generations.global(now)) {
            return live.policies().revision(version)
                    .map(own -> ProvidedRules.over(own.policy(), ProvidedRules.of(live, node.around().get().settings())));
        }
        return live.policies().newest().flatMap(own ->
                node.around().get().globalPolicy().revision(version).map(global -> global.over(own.policy())));
    }

    @Override
    public List<String> denials(int most) {
        return denials.newest(most);
    }

    @Override
    public CompletionStage<Submission> submit(ProposalBody.Named rule, String intent) {
        Optional<DesiredSandbox> wanted = node.desired().apply(sandboxId);
        if (wanted.isEmpty()) {
            return CompletableFuture.completedStage(new Submission.Rejected("the sandbox is gone"));
        }
        String id = UUID.randomUUID().toString();
        SandboxCommand command = new SandboxCommand.SubmitProposal(id, rule.name(), rule.rule(), intent);
        Reporter.Told told = node.reporter().prepare(
                wanted.get().stream(), "proposal." + id, wanted.get().correlationId(), command);
        // The same rules are asked here first: a refusal is told at once, and does not fill the log.
        Event first = Aggregates.decide(
                wanted.get().stream(), command, wanted.get().state(), node.around().get(), told.context()).getFirst();
        if (first instanceof CommandRejected refused) {
            return CompletableFuture.completedStage(new Submission.Rejected(refused.rejection().reason()));
        }
        long wait = rate.take(System.nanoTime());
        if (wait > 0) {
            return CompletableFuture.completedStage(
                    new Submission.Rejected("too many proposals of this sandbox; the next one can be made in " + wait + " s"));
        }
        return told.send().handle((sent, failure) -> failure == null).thenCompose(sent -> sent
                ? node.waits().until(sandboxId, () -> find(id).isPresent(), TAKEN).thenApply(taken -> taken
                        ? new Submission.Accepted(id)
                        : new Submission.Failed("the gateway did not take the proposal within " + TAKEN.toSeconds() + " s"))
                : CompletableFuture.completedStage(new Submission.Unreachable()));
    }

    @Override
    public Optional<State> find(String id) {
        return live().flatMap(live -> live.drafts().proposal(id).map(proposal -> state(live, proposal)));
    }

    private State state(SandboxState.Live live, AgentProposal proposal) {
        Optional<Drafts.Decided> decided = live.drafts().of(proposal.id());
        String status = switch (decided.map(Drafts.Decided::verdict).orElse(Drafts.Verdict.UNDONE)) {
            case APPROVED -> "approved";
            case REJECTED -> "rejected";
            case UNDONE, CLEARED -> "pending";
        };
        boolean reloaded = inForce(live).map(policy -> RuleCover.covers(policy,
                live.drafts().edited(proposal.id()).orElse(proposal.rule()))).orElse(false);
        return new State(proposal.id(), status, proposal.ruleName(), decided.map(Drafts.Decided::reason).orElse(""), reloaded);
    }

    @Override
    public CompletableFuture<Optional<State>> await(String id, Duration longest) {
        // A proposal that is put away is gone, and nothing more will happen to it.
        CompletableFuture<Boolean> settled =
                node.waits().until(sandboxId, () -> find(id).map(State::isFinal).orElse(true), longest);
        CompletableFuture<Optional<State>> answer = settled.thenApply(held -> find(id));
        answer.whenComplete((state, failure) -> {
            if (answer.isCancelled()) {
                settled.cancel(false);
            }
        });
        return answer;
    }
}
