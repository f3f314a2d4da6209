package io.openshell.model.sandbox;

import static io.openshell.model.sandbox.Histories.POLICY;
import static io.openshell.model.sandbox.Histories.WIDER;
import static io.openshell.model.sandbox.Histories.plus;
import static io.openshell.model.sandbox.Histories.reaching;
import static io.openshell.model.sandbox.Histories.ready;
import static io.openshell.model.sandbox.Histories.stored;
import static io.openshell.model.sandbox.Histories.writing;
import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Contexts;
import io.openshell.model.DeciderFixture;
import io.openshell.model.RejectionCode;
import io.openshell.model.policy.LandlockPolicy;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.policy.ProcessPolicy;
import io.openshell.model.sandbox.PolicyRevision.Status.Kind;
import io.openshell.model.sandbox.SandboxEvent.PolicyRevisionFailed;
import io.openshell.model.sandbox.SandboxEvent.PolicyRevisionLoaded;
import io.openshell.model.sandbox.SandboxEvent.PolicyRevisionStored;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SetPolicyTest {

    @Test
    void storesTheNextVersionWithoutEnforcingIt() {
        SandboxState.Live after = live(user(ready()).when(set(WIDER, 0)).thenEvents(stored(2, WIDER)));
        assertThat(after.policies().activeVersion()).isEqualTo(1);
        assertThat(after.policies().revisions()).extracting(r -> r.status().kind()).containsExactly(Kind.LOADED, Kind.PENDING);
    }

    @Test
    void settingTheSameContentChangesNothing() {
        user(ready()).when(set(POLICY, 0)).thenUnchanged();
        user(plus(ready(), stored(2, WIDER))).when(set(reaching("a.example.com"), 0)).thenUnchanged();
    }

    @Test
    void goingBackToOlderContentIsANewVersion() {
        user(plus(ready(), stored(2, WIDER))).when(set(POLICY, 0)).thenEvents(stored(3, POLICY));
    }

    @Test
    void theSameContentForAnotherReasonIsANewVersion() {
        user(ready()).when(new SandboxCommand.SetPolicy(POLICY, Map.of("ticket", "17"), 0))
                .thenEvents(new PolicyRevisionStored(2, PolicyHash.of(POLICY), POLICY, Map.of("ticket", "17")));
    }

    @Test
    void aNewerVersionThanExpectedIsAConflict() {
        List<SandboxEvent> two = plus(ready(), stored(2, WIDER));
        user(two).when(set(reaching("b.example.com"), 2)).thenEvents(stored(3, reaching("b.example.com")));
        user(two).when(set(reaching("b.example.com"), 1)).thenRefused(RejectionCode.VERSION_CONFLICT, "2", "1");
        user(two).when(set(reaching("b.example.com"), 3)).thenRefused(RejectionCode.VERSION_CONFLICT);
    }

    @Test
    void pathsMayBeAddedWhileItLivesButNotRemoved() {
        user(ready()).when(set(writing("/tmp", "/dev/null", "/work"), 0)).thenEvents(stored(2, writing("/tmp", "/dev/null", "/work")));
        user(ready()).when(set(writing("/tmp"), 0)).thenRefused(RejectionCode.POLICY_STATIC_PART_CHANGED, "/dev/null");
    }

    @Test
    void whatWasSetUpAtCreationStays() {
        PolicyDocument strict = new PolicyDocument(1, POLICY.filesystem(), Optional.of(new LandlockPolicy("hard_requirement")),
                POLICY.process(), POLICY.networkPolicies(), POLICY.middlewares());
        user(ready()).when(set(strict, 0)).thenRefused(RejectionCode.POLICY_STATIC_PART_CHANGED, "landlock");
        PolicyDocument other = new PolicyDocument(1, POLICY.filesystem(), POLICY.landlock(),
                Optional.of(new ProcessPolicy("1000", "")), POLICY.networkPolicies(), POLICY.middlewares());
        user(ready()).when(set(other, 0)).thenRefused(RejectionCode.POLICY_STATIC_PART_CHANGED, "process");
    }

    @Test
    void faultsOfTheDocumentComeBeforeItsDifferences() {
        user(ready()).when(set(writing("relative"), 0)).thenRefused(RejectionCode.POLICY_INVALID);
        user(ready()).when(set(UserCommandsTest.ambiguous(), 0)).thenRefused(RejectionCode.POLICY_AMBIGUOUS);
    }

    @Test
    void loadingANewerVersionSupersedesTheOlder() {
        SandboxState.Live after = live(node(plus(ready(), stored(2, WIDER)))
                .when(new SandboxCommand.ReportPolicyLoaded(2, 7)).thenEvents(new PolicyRevisionLoaded(2, 7)));
        assertThat(after.policies().activeVersion()).isEqualTo(2);
        assertThat(after.policies().revisions()).extracting(r -> r.status().kind()).containsExactly(Kind.SUPERSEDED, Kind.LOADED);
        assertThat(after.policies().revision(1).orElseThrow().status().loadedAt()).as("when it was in force").contains(Contexts.NOON);
    }

    @Test
    void aLateReportOfAnOlderVersionDoesNotReplaceTheNewer() {
        List<SandboxEvent> third = plus(ready(), stored(2, WIDER), stored(3, reaching("b.example.com")), new PolicyRevisionLoaded(3, 9));
        node(third).when(new SandboxCommand.ReportPolicyLoaded(2, 8)).thenUnchanged();
        node(third).when(new SandboxCommand.ReportPolicyFailed(2, "late")).thenUnchanged();
    }

    @Test
    void aFailureLeavesTheVersionInForceAndIsRecordedOnce() {
        SandboxCommand failed = new SandboxCommand.ReportPolicyFailed(2, "cannot resolve");
        var stream = node(plus(ready(), stored(2, WIDER))).when(failed).thenEvents(new PolicyRevisionFailed(2, "cannot resolve"));
        assertThat(live(stream).policies().activeVersion()).isEqualTo(1);
        assertThat(live(stream).policies().revisions()).extracting(r -> r.status().kind()).containsExactly(Kind.LOADED, Kind.FAILED);
        stream.when(failed).thenUnchanged();
        stream.when(new SandboxCommand.ReportPolicyFailed(2, "other")).thenEvents(new PolicyRevisionFailed(2, "other"));
    }

    @Test
    void aFailedVersionMayLoadLater() {
        var stream = node(plus(ready(), stored(2, WIDER), new PolicyRevisionFailed(2, "busy")))
                .when(new SandboxCommand.ReportPolicyLoaded(2, 3)).thenEvents(new PolicyRevisionLoaded(2, 3));
        assertThat(live(stream).policies().revision(2).orElseThrow().status().error()).isEmpty();
    }

    @Test
    void reportsOfVersionsNobodyStoredAreRefused() {
        node(ready()).when(new SandboxCommand.ReportPolicyLoaded(2, 3)).thenRefused(RejectionCode.POLICY_VERSION_UNKNOWN, "2");
        node(ready()).when(new SandboxCommand.ReportPolicyFailed(0, "x")).thenRefused(RejectionCode.POLICY_VERSION_UNKNOWN, "0");
    }

    private static SandboxCommand set(PolicyDocument policy, long expected) {
        return new SandboxCommand.SetPolicy(policy, Map.of(), expected);
    }

    private static SandboxState.Live live(DeciderFixture<SandboxCommand, SandboxState, SandboxEvent> stream) {
        return (SandboxState.Live) stream.state();
    }

    static DeciderFixture<SandboxCommand, SandboxState, SandboxEvent> user(List<SandboxEvent> history) {
        return DeciderFixture.given(new SandboxDecider(), Contexts.user(), history);
    }

    static DeciderFixture<SandboxCommand, SandboxState, SandboxEvent> node(List<SandboxEvent> history) {
        return user(history).by(Contexts.node(Histories.NODE));
    }
}
