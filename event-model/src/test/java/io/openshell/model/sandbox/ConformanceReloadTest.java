package io.openshell.model.sandbox;

import static io.openshell.model.sandbox.Histories.POLICY;
import static io.openshell.model.sandbox.Histories.plus;
import static io.openshell.model.sandbox.Histories.reaching;
import static io.openshell.model.sandbox.Histories.ready;
import static io.openshell.model.sandbox.Histories.stored;
import static io.openshell.model.sandbox.Histories.writing;
import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.DeciderFixture;
import io.openshell.model.RejectionCode;
import io.openshell.model.policy.LandlockPolicy;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.ProcessPolicy;
import io.openshell.model.sandbox.PolicyRevision.Status.Kind;
import io.openshell.model.sandbox.SandboxEvent.PolicyRevisionFailed;
import io.openshell.model.sandbox.SandboxEvent.PolicyRevisionLoaded;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The numbered cases about changing the policy of a running sandbox, as the gateway decides them. */
class ConformanceReloadTest {
    private static final PolicyDocument NEXT = reaching("b.example.com");

    private static DeciderFixture<SandboxCommand, SandboxState, SandboxEvent>.Then user(PolicyDocument policy) {
        return SetPolicyTest.user(ready()).when(new SandboxCommand.SetPolicy(policy, Map.of(), 0));
    }

    @Test
    void case51AKeyThatBelongsToProvidersCannotBeSet() {
        user(NEXT).thenEvents(stored(2, NEXT));
        user(POLICY.withNetworkPolicies(Map.of("_provider_github", NEXT.networkPolicies().get("web"))))
                .thenRefused(RejectionCode.POLICY_INVALID, "_provider_");
    }

    @Test
    void case161AndCase162OnlyAnotherPolicyIsANewVersion() {
        user(NEXT).thenEvents(stored(2, NEXT));
        user(POLICY).thenUnchanged();
    }

    @Test
    void case163AVersionThatFailedIsToldAndTheOneBeforeStays() {
        var stream = SetPolicyTest.node(plus(ready(), stored(2, NEXT)))
                .when(new SandboxCommand.ReportPolicyFailed(2, "why")).thenEvents(new PolicyRevisionFailed(2, "why"));

        var live = (SandboxState.Live) stream.state();
        assertThat(live.policies().revision(2).orElseThrow().status().kind()).isEqualTo(Kind.FAILED);
        assertThat(live.policies().revision(2).orElseThrow().status().error()).contains("why");
        assertThat(live.policies().activeVersion()).isEqualTo(1);
    }

    @Test
    void case166LandlockCannotChangeWhileItLives() {
        user(new PolicyDocument(1, POLICY.filesystem(), Optional.of(new LandlockPolicy("hard_requirement")), POLICY.process(),
                POLICY.networkPolicies(), POLICY.middlewares())).thenRefused(RejectionCode.POLICY_STATIC_PART_CHANGED, "landlock");
    }

    @Test
    void case167TheUserCannotChangeWhileItLives() {
        user(new PolicyDocument(1, POLICY.filesystem(), POLICY.landlock(), Optional.of(new ProcessPolicy("1000", "")),
                POLICY.networkPolicies(), POLICY.middlewares())).thenRefused(RejectionCode.POLICY_STATIC_PART_CHANGED, "process");
    }

    @Test
    void case168PathsMayBeAddedButNotRemoved() {
        user(writing("/tmp", "/dev/null", "/work")).thenEvents(stored(2, writing("/tmp", "/dev/null", "/work")));
        user(writing("/tmp")).thenRefused(RejectionCode.POLICY_STATIC_PART_CHANGED, "/dev/null");
    }

    @Test
    void case184AVersionNobodyStoredCannotBeReported() {
        SetPolicyTest.node(plus(ready(), stored(2, NEXT))).when(new SandboxCommand.ReportPolicyLoaded(2, 3))
                .thenEvents(new PolicyRevisionLoaded(2, 3));
        SetPolicyTest.node(ready()).when(new SandboxCommand.ReportPolicyLoaded(0, 3)).thenRefused(RejectionCode.POLICY_VERSION_UNKNOWN, "0");
        SetPolicyTest.node(ready()).when(new SandboxCommand.ReportPolicyFailed(0, "x")).thenRefused(RejectionCode.POLICY_VERSION_UNKNOWN, "0");
    }
}
