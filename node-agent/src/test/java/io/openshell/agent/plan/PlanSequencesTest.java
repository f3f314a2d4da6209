package io.openshell.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.sandbox.Phase;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.sandbox.SandboxState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole lives of a sandbox as one node sees them. */
class PlanSequencesTest {

    private final SandboxStream log = new SandboxStream();
    private final SimulatedNode node = new SimulatedNode(log);

    @Test
    void createdReadyExitedRestedStartedAndDeleted() {
        log.user(SandboxStream.create("s1"));
        node.settle();
        assertThat(node.trace()).containsExactly(
                "adopt any", "launch 1 with v1", "tell enforced.i1", "nothing");
        assertThat(log.phase()).isEqualTo(Phase.READY);

        node.mainExits(7);
        node.settle();
        assertThat(node.trace()).containsExactly("tell exited.i1", "halt", "nothing");
        assertThat(log.phase()).isEqualTo(Phase.ERROR);
        assertThat(log.live().lifecycle().exitCode()).contains(7);

        log.user(new SandboxCommand.Stop());
        node.settle();
        assertThat(node.trace()).containsExactly("tell stopped.s1.1", "nothing");

        log.user(new SandboxCommand.Start(Optional.of(SandboxStream.NODE)));
        node.settle();
        assertThat(node.trace()).containsExactly("launch 2 with v1", "tell enforced.i2", "nothing");
        assertThat(log.phase()).isEqualTo(Phase.READY);

        log.user(new SandboxCommand.Delete());
        node.settle();
        assertThat(node.trace()).containsExactly("halt", "purge", "tell removed.s1", "nothing");
        assertThat(log.state()).isInstanceOf(SandboxState.Deleted.class);
        node.requireNothingLeft();
    }

    @Test
    void anAgentThatRestartsTakesOverWhatRuns() {
        log.user(SandboxStream.create("s1"));
        node.settle();
        node.trace();
        node.restart();
        node.settle();
        assertThat(node.trace()).containsExactly("adopt i1", "nothing");
        assertThat(log.phase()).isEqualTo(Phase.READY);
        assertThat(log.live().lifecycle().instanceId()).isEqualTo("i1");
    }

    @Test
    void anEndThatNobodySawIsToldAfterTheTakeover() {
        log.user(SandboxStream.create("s1"));
        node.settle();
        node.trace();
        node.mainExits(4);
        node.restart();
        node.settle();
        assertThat(node.trace()).containsExactly("adopt i1", "tell exited.i1", "halt", "nothing");
        assertThat(log.live().lifecycle().exitCode()).contains(4);
    }

    @Test
    void aStartTheLogHasNotHeardOfIsTakenOverInsteadOfRepeated() {
        log.user(SandboxStream.create("s1"));
        node.act();
        node.trace();
        node.restart();
        node.settle();
        assertThat(node.trace()).containsExactly("adopt any", "tell enforced.i1", "nothing");
    }

    @Test
    void whatCannotBeTakenOverIsToldAsLostAndStartedAgain() {
        log.user(SandboxStream.create("s1"));
        node.settle();
        node.trace();
        node.loseWhatRuns();
        node.restart();
        node.settle();
        assertThat(node.trace()).containsExactly(
                "adopt i1", "tell interrupted.i1", "launch 1 with v1", "tell enforced.i2", "nothing");
        assertThat(log.phase()).isEqualTo(Phase.READY);
        assertThat(log.live().lifecycle().instanceId()).isEqualTo("i2");
    }

    @Test
    void aRefusedLaunchIsToldOnceAndTriedAgainOnlyWhenSomebodyStartsIt() {
        node.refuseNextLaunch();
        log.user(SandboxStream.create("s1"));
        node.settle();
        assertThat(node.trace()).containsExactly("adopt any", "launch 1 with v1", "tell refused.i1", "nothing");
        assertThat(log.phase()).isEqualTo(Phase.ERROR);
        log.user(new SandboxCommand.Start(Optional.of(SandboxStream.NODE)));
        node.settle();
        assertThat(node.trace()).containsExactly("launch 2 with v1", "tell enforced.i2", "nothing");
    }

    @Test
    void aRefusalTurnedDownBecauseALateReportCameFirstIsToldAgain() {
        log.user(SandboxStream.create("s1"));
        node.settle();
        log.user(new SandboxCommand.Stop());
        node.settle();
        log.user(new SandboxCommand.Start(Optional.of(SandboxStream.NODE)));
        node.act();
        node.plan(); // tells of i2, and the machine ends before the log has taken it
        node.loseWhatRuns();
        node.restart();
        node.refuseNextLaunch();
        node.act();
        node.plan(); // tells of the refusal, behind the report of i2
        node.settle();
        assertThat(node.trace()).endsWith("tell interrupted.i2", "tell refused.i3.after.i2", "nothing");
        assertThat(log.phase()).isEqualTo(Phase.ERROR);
    }

    @Test
    void aPendingPolicyIsEnforcedThenTold() {
        log.user(SandboxStream.create("s1"));
        node.settle();
        node.trace();
        log.user(SandboxStream.reaching("a.example.com"));
        node.settle();
        assertThat(node.trace()).containsExactly("enforce v2", "tell policy-loaded.s1.2", "nothing");
        assertThat(log.live().policies().activeVersion()).isEqualTo(2);
    }

    @Test
    void onlyTheNewestOfSeveralPendingPoliciesIsEnforced() {
        log.user(SandboxStream.create("s1"));
        node.settle();
        node.trace();
        log.user(SandboxStream.reaching("a.example.com")).user(SandboxStream.reaching("b.example.com"));
        node.settle();
        assertThat(node.trace()).containsExactly("enforce v3", "tell policy-loaded.s1.3", "nothing");
        assertThat(log.live().policies().revision(2).orElseThrow().status().kind())
                .isEqualTo(PolicyRevision.Status.Kind.SUPERSEDED);
    }

    @Test
    void aPolicyThatFailsIsToldAndNotUsedByTheNextStart() {
        log.user(SandboxStream.create("s1"));
        node.settle();
        node.trace();
        node.failNextPolicy();
        log.user(SandboxStream.reaching("a.example.com"));
        node.settle();
        assertThat(node.trace()).containsExactly("enforce v2", "tell policy-failed.s1.2", "nothing");
        assertThat(log.live().policies().activeVersion()).isEqualTo(1);
        node.loseWhatRuns();
        node.restart();
        node.settle();
        assertThat(node.trace()).contains("launch 1 with v1").doesNotContain("launch 1 with v2");
    }

    @Test
    void aPolicySetWhileItRestsIsTheOneItStartsWith() {
        log.user(SandboxStream.create("s1"));
        node.settle();
        log.user(new SandboxCommand.Stop());
        node.settle();
        node.trace();
        log.user(SandboxStream.reaching("a.example.com")).user(new SandboxCommand.Start(Optional.of(SandboxStream.NODE)));
        node.settle();
        assertThat(node.trace()).containsExactly("launch 2 with v2", "tell enforced.i2", "nothing");
        assertThat(log.live().policies().activeVersion()).isEqualTo(2);
    }

    @Test
    void stoppedWhileItStartsItIsEndedAndNeverReady() {
        log.user(SandboxStream.create("s1"));
        node.settle();
        log.user(new SandboxCommand.Stop());
        node.settle();
        log.user(new SandboxCommand.Start(Optional.of(SandboxStream.NODE)));
        node.trace();
        node.act(); // launched, not told yet
        log.user(new SandboxCommand.Stop());
        node.settle();
        assertThat(node.trace()).containsExactly("launch 2 with v1", "halt", "tell stopped.s1.2", "nothing");
        assertThat(log.phase()).isEqualTo(Phase.STOPPED);
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void deletedInAnyPhaseNothingOfItIsLeft(Phase phase) {
        SandboxStream stream = SandboxStream.at(phase);
        SimulatedNode fresh = new SimulatedNode(stream);
        fresh.leftovers("s1");
        stream.user(new SandboxCommand.Delete());
        fresh.settle();
        assertThat(stream.state()).isInstanceOf(SandboxState.Deleted.class);
        fresh.requireNothingLeft();
    }

    @Test
    void withoutACommandALoginShellIsStarted() {
        var request = new SandboxRequest("s1", "demo", "default", Map.of(), Map.of(),
                new SandboxRequest.Launch(List.of(), false, Map.of(), ""));
        log.user(new SandboxCommand.Create(request, SandboxStream.POLICY, Optional.of(SandboxStream.NODE)));
        Step.Launch launch = (Step.Launch) Planner.plan(log.live(), new Run.Absent()).get(0);
        assertThat(launch.main().command()).containsExactly("/bin/sh", "-l");
        assertThat(launch.hostname()).isEqualTo("demo");
    }

    @Test
    void environmentValuesStayOutOfAPlansText() {
        log.user(SandboxStream.create("s1"));
        Step launch = Planner.plan(log.live(), new Run.Absent()).get(0);
        assertThat(((Step.Launch) launch).main().environment()).containsEntry("TOKEN", "hunter2");
        assertThat(launch.toString()).doesNotContain("hunter2");
    }
}
