package io.openshell.model.sandbox;

import static io.openshell.model.DeciderFixture.given;
import static io.openshell.model.sandbox.Histories.NODE;
import static io.openshell.model.sandbox.Histories.POLICY;
import static io.openshell.model.sandbox.Histories.plus;
import static io.openshell.model.sandbox.Histories.request;
import static io.openshell.model.sandbox.Histories.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Contexts;
import io.openshell.model.DeciderFixture;
import io.openshell.model.RejectionCode;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.PolicyDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UserCommandsTest {

    @Nested
    class Creating {
        @Test
        void storesRequestPolicyAndPlaceInThisOrder() {
            stream(Histories.unused()).when(create("s1", POLICY, NODE)).thenEvents(
                    new SandboxEvent.SandboxRequested(request("s1")), stored(1, POLICY), new SandboxEvent.SandboxAssigned(NODE, 1));
        }

        @ParameterizedTest
        @EnumSource(Phase.class)
        void refusesANameThatLives(Phase phase) {
            stream(Histories.in(phase)).when(create("s2", POLICY, NODE)).thenRefused(RejectionCode.SANDBOX_NAME_TAKEN, "demo");
        }

        @Test
        void tellsThatANameIsStillBeingDeleted() {
            stream(Histories.deleting()).when(create("s2", POLICY, NODE))
                    .thenRefused(RejectionCode.SANDBOX_NAME_TAKEN, "still being deleted");
        }

        @Test
        void givesAFreedNameALaterEpochSoThatLateReportsDoNotFit() {
            stream(Histories.deleted()).when(create("s2", POLICY, NODE)).thenEvents(
                    new SandboxEvent.SandboxRequested(request("s2")), stored(1, POLICY), new SandboxEvent.SandboxAssigned(NODE, 2))
                    .by(Contexts.node(NODE)).when(new SandboxCommand.ReportEnforced(Histories.enforcement(1, "i1"), 1))
                    .thenRefused(RejectionCode.REPORT_OUTDATED);
        }

        @Test
        void refusesWithoutANode() {
            stream(Histories.unused()).when(new SandboxCommand.Create(request("s1"), POLICY, Optional.empty()))
                    .thenRefused(RejectionCode.NO_NODE_AVAILABLE);
        }

        @Test
        void namesTheFaultOfABadPolicyEvenWhenThereIsNoNode() {
            PolicyDocument bad = Histories.writing("tmp");
            stream(Histories.unused()).when(new SandboxCommand.Create(request("s1"), bad, Optional.empty()))
                    .thenRefused(RejectionCode.POLICY_INVALID, "filesystem_policy.read_write", "absolute");
        }

        @Test
        void refusesKeysOfTheControlPlane() {
            PolicyDocument reserved = POLICY.withNetworkPolicies(
                    Map.of("_provider_x", Histories.reaching("a.example.com").networkPolicies().get("web")));
            stream(Histories.unused()).when(create("s1", reserved, NODE)).thenRefused(RejectionCode.POLICY_INVALID, "_provider_");
        }

        @Test
        void refusesAnAmbiguousPolicy() {
            stream(Histories.unused()).when(create("s1", ambiguous(), NODE)).thenRefused(RejectionCode.POLICY_AMBIGUOUS, "tls");
        }
    }

    @Nested
    class StartingAndStopping {
        @Test
        void aStopNamesTheEpochItEnds() {
            stream(Histories.ready()).when(new SandboxCommand.Stop()).thenEvents(new SandboxEvent.StopRequested(1));
        }

        @Test
        void aStartKeepsTheNodeBecauseTheWorkspaceIsThere() {
            stream(Histories.stopped()).when(new SandboxCommand.Start(Optional.of("n2")))
                    .thenEvents(new SandboxEvent.StartRequested(NODE, 2));
        }

        @Test
        void aStartWithoutAnyNodeIsRefused() {
            stream(Histories.stopped()).when(new SandboxCommand.Start(Optional.empty())).thenRefused(RejectionCode.NO_NODE_AVAILABLE);
        }

        @Test
        void anErrorIsLeftByStartingAgainUnderALaterEpoch() {
            DeciderFixture<SandboxCommand, SandboxState, SandboxEvent> started = stream(Histories.error())
                    .when(new SandboxCommand.Start(Optional.of(NODE))).thenEvents(new SandboxEvent.StartRequested(NODE, 2));
            assertThat(live(started).phase()).isEqualTo(Phase.STARTING);
            started.by(Contexts.node(NODE)).when(new SandboxCommand.ReportMainExited(1, "i1", 9)).thenUnchanged();
        }

        @Test
        void anErrorIsLeftByStoppingToo() {
            DeciderFixture<SandboxCommand, SandboxState, SandboxEvent> stopped = stream(Histories.error())
                    .when(new SandboxCommand.Stop()).thenEvents(new SandboxEvent.StopRequested(1))
                    .by(Contexts.node(NODE)).when(new SandboxCommand.ReportStopped(1)).thenEvents(new SandboxEvent.SandboxStopped(1));
            assertThat(live(stopped).lifecycle().exitCode()).as("how it ended is still known").contains(3);
        }
    }

    @Nested
    class Deleting {
        @ParameterizedTest
        @EnumSource(Phase.class)
        void endsEveryPhase(Phase phase) {
            List<SandboxEvent> history = Histories.in(phase);
            if (phase != Phase.DELETING) {
                history = plus(history, new SandboxEvent.DeleteRequested());
            }
            DeciderFixture<SandboxCommand, SandboxState, SandboxEvent> gone = stream(history).by(Contexts.node(NODE))
                    .when(new SandboxCommand.ReportRemoved("s1")).thenEvents(new SandboxEvent.SandboxDeleted("s1"));
            assertThat(gone.state()).isInstanceOf(SandboxState.Deleted.class);
        }
    }

    @Nested
    class Sessions {
        private final SandboxCommand exec = open(Session.Kind.EXEC);
        private final SandboxCommand attach = open(Session.Kind.ATTACH);

        @Test
        void aReadySandboxCanBeEntered() {
            stream(Histories.ready()).when(exec).thenEvents(new SandboxEvent.SessionOpened(session(Session.Kind.EXEC)));
            stream(Histories.ready()).when(attach).thenEvents(new SandboxEvent.SessionOpened(session(Session.Kind.ATTACH)));
        }

        @ParameterizedTest
        @EnumSource(value = Phase.class, mode = EnumSource.Mode.EXCLUDE, names = {"READY", "DELETING"})
        void nothingIsExecutedInAnyOtherPhase(Phase phase) {
            stream(Histories.in(phase)).when(exec).thenRefused(RejectionCode.SANDBOX_NOT_READY);
        }

        @Test
        void nothingIsExecutedOrStartedInAPausedOneWhichCanBeReadStoppedAndDeleted() {
            List<SandboxEvent> paused = Histories.plus(Histories.ready(), new SandboxEvent.SandboxPaused(1, "i1", "`docker unpause c` lets it go on"));
            stream(Histories.ready()).when(exec).thenEvents(new SandboxEvent.SessionOpened(session(Session.Kind.EXEC)));
            stream(paused).when(exec).thenRefused(RejectionCode.SANDBOX_NOT_READY, "docker unpause c");
            stream(paused).when(new SandboxCommand.Start(Optional.of("n1"))).thenRefused(RejectionCode.SANDBOX_NOT_STARTABLE, "docker unpause c");
            stream(paused).when(attach).thenEvents(new SandboxEvent.SessionOpened(session(Session.Kind.ATTACH)));
            stream(paused).when(new SandboxCommand.Stop()).thenEvents(new SandboxEvent.StopRequested(1));
            stream(paused).when(new SandboxCommand.Delete()).thenEvents(new SandboxEvent.DeleteRequested());
        }

        @Test
        void outputCanBeReadAfterTheProcessEndedButNotBeforeItBegan() {
            stream(Histories.error()).when(attach).thenEvents(new SandboxEvent.SessionOpened(session(Session.Kind.ATTACH)));
            stream(Histories.provisioning()).when(attach).thenRefused(RejectionCode.NO_PROCESS_STARTED);
        }

        @Test
        void nobodyEntersWhatIsBeingDeleted() {
            stream(Histories.deleting()).when(attach).thenRefused(RejectionCode.SANDBOX_BEING_DELETED);
            stream(Histories.deleting()).when(exec).thenRefused(RejectionCode.SANDBOX_BEING_DELETED);
        }

        private static SandboxCommand open(Session.Kind kind) {
            return new SandboxCommand.OpenSession(session(kind));
        }

        private static Session session(Session.Kind kind) {
            return new Session("x1", kind, List.of("ls"), false, "g1:7001");
        }
    }

    @Test
    void aLaunchKeepsEnvironmentValuesOutOfItsText() {
        assertThat(request("s1").toString()).contains("TOKEN").doesNotContain("hunter2");
    }

    static PolicyDocument ambiguous() {
        PolicyDocument one = Histories.reaching("a.example.com");
        var rule = one.networkPolicies().get("web");
        var other = new io.openshell.model.policy.NetworkRule("other",
                List.of(NetworkEndpoint.builder("a.example.com", 443).tls("skip").build()), rule.binaries());
        return one.withNetworkPolicies(Map.of("web", rule, "other", other));
    }

    private static SandboxCommand create(String id, PolicyDocument policy, String node) {
        return new SandboxCommand.Create(request(id), policy, Optional.of(node));
    }

    private static SandboxState.Live live(DeciderFixture<SandboxCommand, SandboxState, SandboxEvent> stream) {
        return (SandboxState.Live) stream.state();
    }

    private static DeciderFixture<SandboxCommand, SandboxState, SandboxEvent> stream(List<SandboxEvent> history) {
        return given(new SandboxDecider(), Contexts.user(), history);
    }
}
