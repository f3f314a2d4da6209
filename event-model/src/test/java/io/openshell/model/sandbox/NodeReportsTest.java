package io.openshell.model.sandbox;

import static io.openshell.model.sandbox.Histories.NODE;
import static io.openshell.model.sandbox.Histories.enforcement;
import static io.openshell.model.sandbox.Histories.plus;
import static io.openshell.model.sandbox.Histories.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Actor;
import io.openshell.model.Context;
import io.openshell.model.Contexts;
import io.openshell.model.DeciderFixture;
import io.openshell.model.RejectionCode;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NodeReportsTest {

    static Stream<SandboxCommand> everyReport() {
        return Stream.of(
                new SandboxCommand.ReportEnforced(enforcement(1, "i2"), 1),
                new SandboxCommand.ReportRefused(1, List.of(), "LANDLOCK_ABSENT", "no landlock"),
                new SandboxCommand.ReportInterrupted(1, "agent restarted"),
                new SandboxCommand.ReportLimitReached(1, "i1", "memory", 1, "out of memory"),
                new SandboxCommand.ReportPause(1, "i1", Optional.of("its container is paused")),
                new SandboxCommand.ReportMainExited(1, "i1", 0),
                new SandboxCommand.ReportStopped(1),
                new SandboxCommand.ReportRemoved("s1"),
                new SandboxCommand.ReportPolicyLoaded(1, 1),
                new SandboxCommand.ReportPolicyFailed(1, "x"),
                new SandboxCommand.ReportSessionClosed("x1", 0));
    }

    static Stream<SandboxCommand> everyReportOfAnEpoch() {
        return everyReport().filter(r -> !(r instanceof SandboxCommand.ReportRemoved || r instanceof SandboxCommand.ReportPolicyLoaded
                || r instanceof SandboxCommand.ReportPolicyFailed || r instanceof SandboxCommand.ReportSessionClosed));
    }

    @ParameterizedTest
    @MethodSource("everyReport")
    void onlyTheAssignedNodeIsBelieved(SandboxCommand report) {
        // Control: the same report from the right node is not refused for who sent it.
        assertThat(by(Contexts.node(NODE), Histories.ready()).when(report).inOneWord()).isNotEqualTo("REPORTER_NOT_ASSIGNED");
        for (Phase phase : Phase.values()) {
            by(Contexts.node("n2"), Histories.in(phase)).when(report).thenRefused(RejectionCode.REPORTER_NOT_ASSIGNED, "n2");
            by(Contexts.of(Actor.Kind.USER, NODE, Contexts.NOON), Histories.in(phase)).when(report)
                    .thenRefused(RejectionCode.REPORTER_NOT_ASSIGNED);
            by(Contexts.of(Actor.Kind.GATEWAY, NODE, Contexts.NOON), Histories.in(phase)).when(report)
                    .thenRefused(RejectionCode.REPORTER_NOT_ASSIGNED);
        }
    }

    @ParameterizedTest
    @MethodSource("everyReportOfAnEpoch")
    void aReportOfAnEarlierStartHasNoEffect(SandboxCommand report) {
        assertThat(node(Histories.starting()).when(report).inOneWord()).isIn("REPORT_OUTDATED", "unchanged");
    }

    @ParameterizedTest
    @MethodSource("everyReport")
    void afterDeletionAReportHasNoEffect(SandboxCommand report) {
        assertThat(node(Histories.deleted()).when(report).inOneWord()).isIn("SANDBOX_UNKNOWN", "unchanged");
        // Also when the name is in use again.
        List<SandboxEvent> again = plus(Histories.deleted(), new SandboxEvent.SandboxRequested(Histories.request("s2")),
                stored(1, Histories.POLICY), new SandboxEvent.SandboxAssigned(NODE, 2));
        if (everyReportOfAnEpoch().anyMatch(report::equals) || report instanceof SandboxCommand.ReportRemoved) {
            assertThat(node(again).when(report).inOneWord()).isIn("REPORT_OUTDATED", "unchanged");
        }
    }

    @Test
    void theRemovalOfItsPredecessorDoesNotDeleteASandbox() {
        List<SandboxEvent> again = plus(Histories.deleted(), new SandboxEvent.SandboxRequested(Histories.request("s2")),
                stored(1, Histories.POLICY), new SandboxEvent.SandboxAssigned(NODE, 2), new SandboxEvent.DeleteRequested());
        node(again).when(new SandboxCommand.ReportRemoved("s1")).thenUnchanged();
        node(again).when(new SandboxCommand.ReportRemoved("s2")).thenEvents(new SandboxEvent.SandboxDeleted("s2"));
    }

    @Test
    void theFirstStartMakesItReadyAndItsPolicyActive() {
        SandboxState.Live after = live(node(Histories.provisioning())
                .when(new SandboxCommand.ReportEnforced(enforcement(1, "i1"), 1)).thenEvents(
                        new SandboxEvent.LayersEnforced(enforcement(1, "i1")),
                        new SandboxEvent.PolicyRevisionLoaded(1, 1),
                        new SandboxEvent.SandboxReady(1, "i1")));
        assertThat(after.phase()).isEqualTo(Phase.READY);
        assertThat(after.lifecycle().condition().ready()).isTrue();
        assertThat(after.enforcement()).contains(enforcement(1, "i1"));
        assertThat(after.policies().activeVersion()).isEqualTo(1);
    }

    @Test
    void aStartToldTwiceIsRecordedOnce() {
        node(Histories.ready()).when(new SandboxCommand.ReportEnforced(enforcement(1, "i1"), 1)).thenUnchanged();
    }

    @Test
    void aStartUnderAnOlderPolicyDoesNotTurnTheActiveVersionBack() {
        List<SandboxEvent> second = plus(Histories.ready(), stored(2, Histories.WIDER), new SandboxEvent.PolicyRevisionLoaded(2, 2),
                new SandboxEvent.SandboxInterrupted(1, "agent restarted"));
        SandboxState.Live after = live(node(second).when(new SandboxCommand.ReportEnforced(enforcement(1, "i2"), 1))
                .thenEvents(new SandboxEvent.LayersEnforced(enforcement(1, "i2")), new SandboxEvent.SandboxReady(1, "i2")));
        assertThat(after.policies().activeVersion()).isEqualTo(2);
    }

    @Test
    void aStartThatCameTooLateIsRefused() {
        node(Histories.stopping()).when(new SandboxCommand.ReportEnforced(enforcement(1, "i2"), 1))
                .thenRefused(RejectionCode.REPORT_OUTDATED);
        node(Histories.starting()).when(new SandboxCommand.ReportEnforced(enforcement(1, "i2"), 1))
                .thenRefused(RejectionCode.REPORT_OUTDATED);
        node(Histories.starting()).when(new SandboxCommand.ReportEnforced(enforcement(3, "i2"), 1))
                .thenRefused(RejectionCode.REPORT_OUTDATED);
    }

    @Test
    void aRefusalKeepsTheReasonAndOnlyTheLayersThatFailed() {
        LayerReport held = new LayerReport.Enforced(LayerKind.SECCOMP, "filter installed");
        LayerReport weak = new LayerReport.Weakened(LayerKind.MOUNTS, "no idmap");
        LayerReport gone = new LayerReport.Absent(LayerKind.LANDLOCK, "kernel too old");
        SandboxState.Live after = live(node(Histories.provisioning())
                .when(new SandboxCommand.ReportRefused(1, List.of(held, weak, gone), "LandlockAbsent", "kernel too old"))
                .thenEvents(new SandboxEvent.SandboxRefused(1, List.of(weak, gone), "LandlockAbsent", "kernel too old")));
        assertThat(after.phase()).isEqualTo(Phase.ERROR);
        assertThat(after.lifecycle().condition())
                .isEqualTo(new Condition(false, "LandlockAbsent", "kernel too old", Contexts.NOON));
    }

    @Test
    void anInterruptedSandboxGoesBackToProvisioningUnderTheSameEpoch() {
        SandboxState.Live after = live(node(Histories.ready()).when(new SandboxCommand.ReportInterrupted(1, "agent restarted"))
                .thenEvents(new SandboxEvent.SandboxInterrupted(1, "agent restarted")));
        assertThat(after.phase()).isEqualTo(Phase.PROVISIONING);
        assertThat(after.placement().epoch()).isEqualTo(1);
        node(Histories.ready()).when(new SandboxCommand.ReportInterrupted(0, "late")).thenRefused(RejectionCode.REPORT_OUTDATED);
    }

    @Test
    void theExitOfAnEarlierProcessDoesNotEndTheNewer() {
        List<SandboxEvent> restarted = plus(Histories.ready(), new SandboxEvent.LayersEnforced(enforcement(1, "i2")),
                new SandboxEvent.SandboxReady(1, "i2"));
        node(restarted).when(new SandboxCommand.ReportMainExited(1, "i1", 1)).thenUnchanged();
        SandboxState.Live after = live(node(restarted).when(new SandboxCommand.ReportMainExited(1, "i2", 137))
                .thenEvents(new SandboxEvent.MainProcessExited(1, "i2", 137)));
        assertThat(after.lifecycle().exitCode()).contains(137);
        assertThat(after.lifecycle().condition().message()).contains("137");
    }

    @Test
    void aPausedSandboxIsNotReadyUntilItGoesOnAndNothingOfItEnds() {
        SandboxCommand pause = new SandboxCommand.ReportPause(1, "i1", Optional.of("its container is paused; `docker unpause c` lets it go on"));
        SandboxCommand resume = new SandboxCommand.ReportPause(1, "i1", Optional.empty());
        var stream = node(Histories.ready());
        assertThat(stream.when(resume).inOneWord()).isEqualTo("unchanged");
        List<SandboxEvent> paused = plus(Histories.ready(),
                new SandboxEvent.SandboxPaused(1, "i1", "its container is paused; `docker unpause c` lets it go on"));
        assertThat(stream.when(pause).thenEvents(paused.getLast()).state()).isEqualTo(node(paused).state());
        SandboxState.Live held = live(node(paused));
        assertThat(held.phase()).isEqualTo(Phase.READY);
        assertThat(held.lifecycle().paused()).isTrue();
        assertThat(held.lifecycle().instanceId()).isEqualTo("i1");
        assertThat(held.lifecycle().condition()).isEqualTo(
                new Condition(false, "Paused", "its container is paused; `docker unpause c` lets it go on", Contexts.NOON));
        node(paused).when(pause).thenUnchanged();
        node(paused).when(new SandboxCommand.ReportPause(1, "i2", Optional.empty())).thenUnchanged();
        assertThat(live(node(paused).when(resume).thenEvents(new SandboxEvent.SandboxResumed(1, "i1"))))
                .isEqualTo(live(node(Histories.ready())));
    }

    @Test
    void closingASessionIsRecordedAndChangesNothing() {
        var stream = node(Histories.ready());
        assertThat(stream.when(new SandboxCommand.ReportSessionClosed("x1", 2)).thenEvents(new SandboxEvent.SessionClosed("x1", 2)).state())
                .isEqualTo(stream.state());
    }

    private static SandboxState.Live live(DeciderFixture<SandboxCommand, SandboxState, SandboxEvent> stream) {
        return (SandboxState.Live) stream.state();
    }

    private static DeciderFixture<SandboxCommand, SandboxState, SandboxEvent> node(List<SandboxEvent> history) {
        return by(Contexts.node(NODE), history);
    }

    private static DeciderFixture<SandboxCommand, SandboxState, SandboxEvent> by(Context context, List<SandboxEvent> history) {
        return DeciderFixture.given(new SandboxDecider(), context, history);
    }
}
