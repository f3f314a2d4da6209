package io.openshell.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.global.GlobalRevision;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.sandbox.Phase;
import io.openshell.model.sandbox.Policies;
import io.openshell.model.sandbox.ProvidedInForce;
import io.openshell.model.sandbox.SandboxState.Live;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every phase against everything a node may know of a run. */
class PlannerTest {

    /** A column of the table: its heading and the run, of the wanted epoch unless the heading says otherwise. */
    private static Map<String, Run> runs(long epoch) {
        Map<String, Run> runs = new LinkedHashMap<>();
        runs.put("Unknown", new Run.Unknown());
        runs.put("NotAdopted", new Run.NotAdopted("another boot"));
        runs.put("Absent", new Run.Absent());
        runs.put("Started", started(epoch, "i1", Optional.empty()));
        runs.put("Started and exited", started(epoch, "i1", Optional.of(new Run.End(Optional.of(3)))));
        runs.put("Started as another", started(epoch, "i9", Optional.empty()));
        runs.put("Started before", started(epoch - 1, "i0", Optional.empty()));
        runs.put("Halted", new Run.Halted("i1"));
        runs.put("NotStarted", new Run.NotStarted(epoch, "a1", List.of(), "LAUNCH_FAILED", "no memory"));
        runs.put("NotStarted before", new Run.NotStarted(epoch - 1, "a0", List.of(), "LAUNCH_FAILED", "no memory"));
        runs.put("Purged", new Run.Purged());
        return runs;
    }

    private static Run.Started started(long epoch, String instance, Optional<Run.End> exit) {
        return new Run.Started(SandboxStream.enforcement(epoch, instance), 1, exit, Optional.empty());
    }

    private static List<String> row(String... cells) {
        return List.of(cells);
    }

    /** One cell per run above, in that order. */
    private static List<String> expected(Phase phase) {
        return switch (phase) {
            case PROVISIONING -> row("adopt any", "launch 1 with v1", "launch 1 with v1", "tell enforced.i1",
                    "tell enforced.i1, tell exited.i1", "tell enforced.i9", "halt", "launch 1 with v1",
                    "tell refused.a1", "launch 1 with v1", "launch 1 with v1");
            case STARTING -> row("adopt any", "launch 2 with v1", "launch 2 with v1", "tell enforced.i1",
                    "tell enforced.i1, tell exited.i1", "tell enforced.i9", "halt", "launch 2 with v1",
                    "tell refused.a1.after.i1", "launch 2 with v1", "launch 2 with v1");
            case READY -> row("adopt i1", "tell interrupted.i1", "tell interrupted.i1", "nothing", "tell exited.i1", "tell enforced.i9",
                    "tell enforced.i0", "tell interrupted.i1", "tell interrupted.i1", "tell interrupted.i1",
                    "tell interrupted.i1");
            case ERROR, STOPPED -> row("remove leftovers", "nothing", "nothing", "halt", "halt", "halt", "halt", "nothing", "nothing",
                    "nothing", "nothing");
            case STOPPING -> row("remove leftovers", "tell stopped.s1.1", "tell stopped.s1.1", "halt", "halt", "halt", "halt",
                    "tell stopped.s1.1", "tell stopped.s1.1", "tell stopped.s1.1", "tell stopped.s1.1");
            case DELETING -> row("purge", "purge", "purge", "halt", "halt", "halt", "halt", "purge", "purge", "purge",
                    "tell removed.s1");
        };
    }

    static Stream<Arguments> table() {
        List<Arguments> all = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            Live wanted = SandboxStream.in(phase);
            List<String> cells = expected(phase);
            int column = 0;
            for (var run : runs(wanted.placement().epoch()).entrySet()) {
                all.add(Arguments.of(phase, run.getKey(), wanted, run.getValue(), cells.get(column++)));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} / {1}: {4}")
    @MethodSource("table")
    void phaseAgainstRun(Phase phase, String name, Live wanted, Run run, String plan) {
        assertThat(wanted.phase()).isEqualTo(phase);
        assertThat(Plans.line(Planner.plan(wanted, run))).isEqualTo(plan);
    }

    @Test
    void underAGlobalPolicyItIsEnforcedThenToldAndItsOwnComesBackAfterwards() {
        Live wanted = SandboxStream.in(Phase.READY);
        Overlay global = new Overlay(Optional.of(new GlobalRevision(4, "", BuiltInPolicies.community(), Instant.EPOCH)), new TreeMap<>());
        Run.Started own = started(wanted.placement().epoch(), "i1", Optional.empty());
        assertThat(Plans.line(Planner.plan(wanted, Overlay.NONE, own))).isEqualTo("nothing");
        assertThat(Plans.line(Planner.plan(wanted, global, own))).isEqualTo("enforce global v4");
        assertThat(Plans.line(Planner.plan(wanted, global, own.under(4)))).isEqualTo("tell global-policy.i1.4.after.0");
        assertThat(Plans.line(Planner.plan(wanted, Overlay.NONE, own.under(4)))).isEqualTo("enforce v1");
        assertThat(own.under(4).enforcing(1, "").globalVersion()).isZero();
    }

    @Test
    void rulesOfProvidersAreEnforcedBesideItsOwnPolicyThenToldAndGoAgain() {
        Live wanted = SandboxStream.in(Phase.READY);
        var rules = new TreeMap<>(Map.of("_provider_work", BuiltInPolicies.community().networkPolicies().firstEntry().getValue()));
        Overlay with = new Overlay(Optional.empty(), rules);
        Run.Started bare = started(wanted.placement().epoch(), "i1", Optional.empty());
        assertThat(Planner.plan(wanted, with, bare)).singleElement().isInstanceOfSatisfying(Step.EnforcePolicy.class, step -> {
            assertThat(step.revision().version()).isEqualTo(1);
            assertThat(step.provided()).isEqualTo(rules);
        });
        Run.Started beside = bare.enforcing(1, with.mark());
        assertThat(Plans.line(Planner.plan(wanted, with, beside))).isEqualTo("tell provider-rules.i1.0");
        assertThat(Plans.line(Planner.plan(wanted, Overlay.NONE, beside))).isEqualTo("enforce v1");
        assertThat(Plans.line(Planner.plan(wanted, Overlay.NONE, bare))).isEqualTo("nothing");
    }

    @Test
    void aSandboxThatStartsWhileThereIsAGlobalPolicyStartsUnderIt() {
        Live wanted = SandboxStream.in(Phase.PROVISIONING);
        Overlay global = new Overlay(Optional.of(new GlobalRevision(4, "", BuiltInPolicies.community(), Instant.EPOCH)), new TreeMap<>());
        assertThat(Planner.plan(wanted, global, new Run.Absent())).singleElement()
                .isInstanceOfSatisfying(Step.Launch.class, launch -> assertThat(launch.overlay()).isEqualTo(global));
    }

    @Test
    void nothingIsStartedBeforeItsPolicyIsKnown() {
        Live known = SandboxStream.in(Phase.PROVISIONING);
        assertThat(Plans.line(Planner.plan(known, new Run.Absent()))).isEqualTo("launch 1 with v1");
        Live before = new Live(known.request(), known.createdAt(), known.placement(), new Policies(List.of(), 0, 0, ProvidedInForce.NONE), known.lifecycle(),
                known.enforcement(), known.drafts(), known.attachments(), known.settings());
        assertThat(Plans.line(Planner.plan(before, new Run.Absent()))).isEqualTo("nothing");
    }

    @Test
    void theTableHasEveryKindOfRun() {
        assertThat(runs(1).values().stream().map(Object::getClass).distinct())
                .as("a new kind of run needs a column")
                .hasSameElementsAs(Arrays.stream(Run.class.getPermittedSubclasses()).map(c -> (Class<?>) c).toList());
    }

    @Test
    void whatTheLogHasForgottenIsEndedAndRemoved() {
        List<String> cells = row("nothing", "nothing", "nothing", "halt", "halt", "halt", "halt", "purge", "purge", "purge", "nothing");
        int column = 0;
        for (var run : runs(1).entrySet()) {
            assertThat(Plans.line(Planner.planGone(run.getValue()))).as(run.getKey()).isEqualTo(cells.get(column++));
        }
    }

    @Test
    void aPlanNeverMixesReportsWithActions() {
        for (Phase phase : Phase.values()) {
            Live wanted = SandboxStream.in(phase);
            for (Run run : runs(wanted.placement().epoch()).values()) {
                List<Step> plan = Planner.plan(wanted, run);
                assertThat(plan.stream().map(s -> s instanceof Step.Report).distinct().count()).isLessThanOrEqualTo(1);
            }
        }
    }
}
