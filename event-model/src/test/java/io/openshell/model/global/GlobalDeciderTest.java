package io.openshell.model.global;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Contexts;
import io.openshell.model.DeciderFixture;
import io.openshell.model.MisfitEvent;
import io.openshell.model.RejectionCode;
import io.openshell.model.global.GlobalCommand.DeleteGlobal;
import io.openshell.model.global.GlobalCommand.SetGlobal;
import io.openshell.model.global.GlobalEvent.GlobalPolicyDeleted;
import io.openshell.model.global.GlobalEvent.GlobalPolicySet;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.sandbox.Drafts;
import io.openshell.model.sandbox.SandboxCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class GlobalDeciderTest {
    private static final PolicyDocument FIRST = BuiltInPolicies.community();
    private static final PolicyDocument SECOND = FIRST.withNetworkPolicies(Map.of());

    private static DeciderFixture<GlobalCommand, GlobalPolicy, GlobalEvent> given(GlobalEvent... history) {
        return DeciderFixture.given(new GlobalDecider(), Contexts.user(), List.of(history));
    }

    private static GlobalPolicySet stored(int version, PolicyDocument policy) {
        return new GlobalPolicySet(version, PolicyHash.of(policy), policy);
    }

    @Test
    void isInForceFromTheMomentItIsSet() {
        given().when(new SetGlobal(FIRST, 0)).thenEvents(stored(1, FIRST));
        GlobalPolicy state = given(stored(1, FIRST)).state();
        assertThat(state.version()).isEqualTo(1);
        assertThat(state.inForce().orElseThrow().storedAt()).isEqualTo(Contexts.NOON);
    }

    @Test
    void theSameContentAgainIsNoRevision() {
        given(stored(1, FIRST)).when(new SetGlobal(FIRST, 0)).thenUnchanged();
        given(stored(1, FIRST)).when(new SetGlobal(SECOND, 0)).thenEvents(stored(2, SECOND));
    }

    @Test
    void afterItsDeletionTheSameContentIsANewRevisionSoThatNoNumberMeansTwoThings() {
        given(stored(1, FIRST), new GlobalPolicyDeleted(1)).when(new SetGlobal(FIRST, 0)).thenEvents(stored(2, FIRST));
    }

    @Test
    void case171DeletingEndsItAndKeepsItsRevisions() {
        given(stored(1, FIRST)).when(new DeleteGlobal()).thenEvents(new GlobalPolicyDeleted(1));
        GlobalPolicy state = given(stored(1, FIRST), new GlobalPolicyDeleted(1)).state();
        assertThat(state.version()).isZero();
        assertThat(state.inForce()).isEmpty();
        assertThat(state.revision(1)).isPresent();
    }

    @Test
    void deletingWhatIsNotThereChangesNothing() {
        given().when(new DeleteGlobal()).thenUnchanged();
        given(stored(1, FIRST), new GlobalPolicyDeleted(1)).when(new DeleteGlobal()).thenUnchanged();
    }

    @Test
    void aNewerVersionThanExpectedIsAConflict() {
        given(stored(1, FIRST)).when(new SetGlobal(SECOND, 1)).thenEvents(stored(2, SECOND));
        given(stored(1, FIRST), stored(2, SECOND)).when(new SetGlobal(FIRST, 1)).thenRefused(RejectionCode.VERSION_CONFLICT, "2", "1");
    }

    @Test
    void whatASandboxMayNotStoreIsNotStoredForAllOfThem() {
        PolicyDocument bad = new PolicyDocument(7, FIRST.filesystem(), FIRST.landlock(), FIRST.process(),
                FIRST.networkPolicies(), FIRST.middlewares());
        given().when(new SetGlobal(FIRST, 0)).thenEvents(stored(1, FIRST));
        given().when(new SetGlobal(bad, 0)).thenRefused(RejectionCode.POLICY_INVALID, "version");
    }

    @Test
    void aNodeHasNoSayInIt() {
        given().by(Contexts.node("n1")).when(new SetGlobal(FIRST, 0)).thenRefused(RejectionCode.REPORTER_NOT_ASSIGNED);
        given(stored(1, FIRST)).by(Contexts.node("n1")).when(new DeleteGlobal()).thenRefused(RejectionCode.REPORTER_NOT_ASSIGNED);
    }

    @Test
    void case169And204WhileItStandsNoSandboxChangesItsOwnPolicyAndEverythingElseGoesOn() {
        GlobalPolicy none = GlobalPolicy.NONE;
        GlobalPolicy there = given(stored(1, FIRST)).state();
        SandboxCommand.SetPolicy set = new SandboxCommand.SetPolicy(SECOND, Map.of(), 0);
        SandboxCommand approve = new SandboxCommand.DecideDraft("d1", Drafts.Verdict.APPROVED, "", Optional.of(set));
        SandboxCommand reject = new SandboxCommand.DecideDraft("d1", Drafts.Verdict.REJECTED, "", Optional.empty());
        assertThat(none.refusal(set)).isEmpty();
        assertThat(none.refusal(approve)).isEmpty();
        assertThat(there.refusal(set).orElseThrow().code()).isEqualTo(RejectionCode.GLOBAL_POLICY_IN_FORCE);
        assertThat(there.refusal(approve).orElseThrow().code()).isEqualTo(RejectionCode.GLOBAL_POLICY_IN_FORCE);
        assertThat(there.refusal(reject)).isEmpty();
        assertThat(there.refusal(new SandboxCommand.Stop())).isEmpty();
        assertThat(given(stored(1, FIRST), new GlobalPolicyDeleted(1)).state().refusal(set)).isEmpty();
    }

    @Test
    void aRevisionDecidesAboutTheNetworkAndLeavesTheSealOfASandboxAlone() {
        GlobalRevision revision = new GlobalRevision(1, "", SECOND, Contexts.NOON);
        assertThat(revision.over(FIRST)).isEqualTo(FIRST.withNetworkPolicies(Map.of()).withMiddlewares(SECOND.middlewares()));
    }

    @Test
    void eventsThatCannotFollowAreMisfits() {
        Assertions.assertThatThrownBy(() -> given(stored(2, FIRST))).isInstanceOf(MisfitEvent.class);
        Assertions.assertThatThrownBy(() -> given(new GlobalPolicyDeleted(1))).isInstanceOf(MisfitEvent.class);
        Assertions.assertThatThrownBy(() -> given(stored(1, FIRST), new GlobalPolicyDeleted(2))).isInstanceOf(MisfitEvent.class);
    }
}
