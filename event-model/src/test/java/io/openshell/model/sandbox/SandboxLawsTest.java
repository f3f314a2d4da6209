package io.openshell.model.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Context;
import io.openshell.model.Contexts;
import io.openshell.model.Decision;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.sandbox.PolicyRevision.Status.Kind;
import io.openshell.model.sandbox.SandboxState.Deleted;
import io.openshell.model.sandbox.SandboxState.Live;
import io.openshell.model.sandbox.SandboxState.Unused;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds after any commands in any order. A failure names its seed; the same seed gives the same commands again. */
class SandboxLawsTest {
    private static final int SEEDS = 400;
    private static final int COMMANDS = 80;

    private final SandboxDecider decider = new SandboxDecider();

    /** One decided command: the state it met, what it led to and the state after. */
    private record Step(SandboxState before, SandboxCommand command, Context context, Decision<SandboxEvent> decision, SandboxState after) {

        List<SandboxEvent> events() {
            return switch (decision) {
                case Decision.Accepted<SandboxEvent> accepted -> accepted.events();
                case Decision.Rejected<SandboxEvent> refused -> List.of();
            };
        }
    }

    @Test
    void decidedEventsAlwaysFitAndEveryPrefixFoldsToTheStateSeenStepByStep() {
        forEverySeed(steps -> {
            SandboxState again = decider.initial();
            for (Step step : steps) {
                for (SandboxEvent event : step.events()) {
                    again = decider.evolve(again, event, step.context());
                }
                assertThat(again).isEqualTo(step.after());
            }
        });
    }

    @Test
    void decidingIsDeterministicAndChangesNothing() {
        forEverySeed(steps -> steps.forEach(step -> {
            String before = step.before().toString();
            assertThat(decider.decide(step.command(), step.before(), step.context())).isEqualTo(step.decision());
            assertThat(step.before()).hasToString(before);
        }));
    }

    @Test
    void repeatingACommandAtOnceChangesNothingMore() {
        forEverySeed(steps -> steps.forEach(step -> assertThat(decideAndFold(step.after(), step.command(), step.context()).after())
                .isEqualTo(step.after())));
    }

    @Test
    void epochsOnlyRiseAlsoAcrossDeletion() {
        forEverySeed(steps -> steps.forEach(step -> {
            assertThat(epoch(step.after())).isGreaterThanOrEqualTo(epoch(step.before()));
            boolean placed = step.events().stream().anyMatch(
                    e -> e instanceof SandboxEvent.SandboxAssigned || e instanceof SandboxEvent.StartRequested);
            assertThat(epoch(step.after()) > epoch(step.before())).as("a new epoch exactly with a new start").isEqualTo(placed);
        }));
    }

    @Test
    void theActivePolicyNeverMovesBackwardsAndItsLabelsTellWhatRuns() {
        forEverySeed(steps -> steps.forEach(step -> {
            if (!(step.after() instanceof Live after)) {
                return;
            }
            if (step.before() instanceof Live before) {
                assertThat(after.policies().activeVersion()).isGreaterThanOrEqualTo(before.policies().activeVersion());
            }
            List<PolicyRevision> revisions = after.policies().revisions();
            assertThat(revisions).extracting(PolicyRevision::version)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, revisions.size()).boxed().toList());
            assertThat(revisions).allSatisfy(r -> assertThat(r.hash()).isEqualTo(PolicyHash.of(r.policy())));
            int active = after.policies().activeVersion();
            assertThat(revisions.stream().filter(r -> r.status().kind() == Kind.LOADED).map(PolicyRevision::version))
                    .isEqualTo(active == 0 ? List.of() : List.of(active));
            assertThat(revisions.stream().filter(r -> r.version() > active).map(r -> r.status().kind()))
                    .isSubsetOf(Kind.PENDING, Kind.FAILED);
        }));
    }

    @Test
    void onlyTheAssignedNodeMakesReportsTrue() {
        forEverySeed(steps -> steps.forEach(step -> {
            boolean report = step.command().getClass().getSimpleName().startsWith("Report");
            if (report && !step.events().isEmpty()) {
                assertThat(step.context().actor().isNode(((Live) step.before()).placement().node())).isTrue();
            }
        }));
    }

    @Test
    void onlyAStartOfTheCurrentEpochIsEverReady() {
        forEverySeed(steps -> steps.forEach(step -> {
            if (step.after() instanceof Live live && live.phase() == Phase.READY) {
                assertThat(live.enforcement().orElseThrow().epoch()).isEqualTo(live.placement().epoch());
                assertThat(live.enforcement().orElseThrow().instanceId()).isEqualTo(live.lifecycle().instanceId());
            }
        }));
    }

    @Test
    void noPhaseIsADeadEnd() {
        forEverySeed(steps -> steps.forEach(step -> {
            assertThat(reach(step.after(), SandboxLawsTest::towardsGone)).isInstanceOf(Deleted.class);
            boolean leaving = step.after() instanceof Live live && live.phase() == Phase.DELETING;
            if (!leaving) {
                SandboxState ready = reach(step.after(), SandboxLawsTest::towardsReady);
                assertThat(ready).isInstanceOfSatisfying(Live.class, live -> assertThat(live.phase()).isEqualTo(Phase.READY));
            }
        }));
    }

    @Test
    void theCommandsReachEveryPhaseAndEveryKindOfEvent() {
        Set<Phase> phases = EnumSet.noneOf(Phase.class);
        Set<Class<?>> events = new HashSet<>();
        Set<Class<?>> commands = new HashSet<>();
        forEverySeed(steps -> steps.forEach(step -> {
            if (step.after() instanceof Live live) {
                phases.add(live.phase());
            }
            step.events().forEach(e -> events.add(e.getClass()));
            commands.add(step.command().getClass());
        }));
        assertThat(phases).containsExactlyInAnyOrder(Phase.values());
        assertThat(events).containsExactlyInAnyOrder(SandboxEvent.class.getPermittedSubclasses());
        assertThat(commands).containsExactlyInAnyOrder(SandboxCommand.class.getPermittedSubclasses());
    }

    private void forEverySeed(Consumer<List<Step>> law) {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<Step> steps = new ArrayList<>();
            try {
                run(seed, steps);
                law.accept(steps);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", " + steps.size() + " commands decided", e);
            }
        }
    }

    private void run(int seed, List<Step> steps) {
        RandomCommands commands = new RandomCommands(seed);
        SandboxState state = decider.initial();
        for (int i = 0; i < COMMANDS; i++) {
            SandboxCommand command = commands.next(state);
            Step step = decideAndFold(state, command, commands.context(command));
            steps.add(step);
            state = step.after();
        }
    }

    private Step decideAndFold(SandboxState before, SandboxCommand command, Context context) {
        Decision<SandboxEvent> decision = decider.decide(command, before, context);
        Step decided = new Step(before, command, context, decision, before);
        SandboxState after = before;
        for (SandboxEvent event : decided.events()) {
            after = decider.evolve(after, event, context);
        }
        return new Step(before, command, context, decision, after);
    }

    private static long epoch(SandboxState state) {
        return switch (state) {
            case Live live -> live.placement().epoch();
            case Deleted gone -> gone.epoch();
            case Unused unused -> 0;
        };
    }

    /** The state after what willing users and nodes do; every command here must have an effect, or the way is blocked. */
    private SandboxState reach(SandboxState from, Function<SandboxState, Optional<SandboxCommand>> way) {
        SandboxState state = from;
        for (int i = 0; i < 6; i++) {
            Optional<SandboxCommand> next = way.apply(state);
            if (next.isEmpty()) {
                return state;
            }
            boolean report = next.get().getClass().getSimpleName().startsWith("Report");
            Step step = decideAndFold(state, next.get(), report ? Contexts.node(Histories.NODE) : Contexts.user());
            assertThat(step.events()).as("%s in %s", next.get(), state).isNotEmpty();
            state = step.after();
        }
        throw new AssertionError("no way out of " + from);
    }

    private static Optional<SandboxCommand> towardsGone(SandboxState state) {
        return switch (state) {
            case Unused unused -> Optional.of(create());
            case Deleted gone -> Optional.empty();
            case Live live -> Optional.of(live.phase() == Phase.DELETING
                    ? new SandboxCommand.ReportRemoved(live.request().sandboxId())
                    : new SandboxCommand.Delete());
        };
    }

    private static Optional<SandboxCommand> towardsReady(SandboxState state) {
        return switch (state) {
            case Unused unused -> Optional.of(create());
            case Deleted gone -> Optional.of(create());
            case Live live -> switch (live.phase()) {
                case READY -> Optional.empty();
                case PROVISIONING, STARTING -> Optional.of(
                        new SandboxCommand.ReportEnforced(Histories.enforcement(live.placement().epoch(), "fresh"), 1));
                case ERROR, STOPPED -> Optional.of(new SandboxCommand.Start(Optional.of(Histories.NODE)));
                case STOPPING -> Optional.of(new SandboxCommand.ReportStopped(live.placement().epoch()));
                case DELETING -> throw new AssertionError("a deleted sandbox does not come back");
            };
        };
    }

    private static SandboxCommand create() {
        return new SandboxCommand.Create(Histories.request("s9"), Histories.POLICY, Optional.of(Histories.NODE));
    }
}
