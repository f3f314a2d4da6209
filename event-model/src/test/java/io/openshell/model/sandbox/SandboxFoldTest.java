package io.openshell.model.sandbox;

import static io.openshell.model.sandbox.Histories.NODE;
import static io.openshell.model.sandbox.Histories.plus;
import static io.openshell.model.sandbox.Histories.request;
import static io.openshell.model.sandbox.Histories.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.model.Actor;
import io.openshell.model.Contexts;
import io.openshell.model.DeciderFixture;
import io.openshell.model.MisfitEvent;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SandboxFoldTest {
    private final SandboxDecider decider = new SandboxDecider();

    @ParameterizedTest
    @EnumSource(Phase.class)
    void everyPhaseIsReachedByItsEvents(Phase phase) {
        assertThat(live(Histories.in(phase)).phase()).isEqualTo(phase);
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void onlyAReadySandboxHasAReadyCondition(Phase phase) {
        assertThat(live(Histories.in(phase)).lifecycle().condition().ready()).isEqualTo(phase == Phase.READY);
        assertThat(live(Histories.in(phase)).lifecycle().condition().reason()).matches("[A-Z][A-Za-z]+");
    }

    @Test
    void aDeletedSandboxLeavesItsIdAndItsEpoch() {
        assertThat(fold(Histories.deleted())).isEqualTo(new SandboxState.Deleted("s1", 1));
    }

    @Test
    void aNameUsedAgainStartsWithNothingOfItsPredecessorButTheEpoch() {
        SandboxState.Live again = live(plus(Histories.deleted(), new SandboxEvent.SandboxRequested(request("s2"))));
        assertThat(again.placement()).isEqualTo(new SandboxState.Placement("", 1));
        assertThat(again.policies()).isEqualTo(Policies.NONE);
        assertThat(again.enforcement()).isEmpty();
        assertThat(again.lifecycle().instanceId()).isEmpty();
        assertThat(again.lifecycle().exitCode()).isEmpty();
    }

    @Test
    void timesComeFromTheEventsAndFromNowhereElse() {
        Instant later = Contexts.NOON.plusSeconds(5);
        SandboxState before = fold(Histories.provisioning());
        SandboxState.Live after = (SandboxState.Live) decider.evolve(before, new SandboxEvent.SandboxReady(1, "i1"),
                Contexts.of(Actor.Kind.NODE, NODE, later));
        assertThat(after.createdAt()).isEqualTo(Contexts.NOON);
        assertThat(after.lifecycle().condition().since()).isEqualTo(later);
    }

    @Test
    void aNewStartForgetsHowTheLastOneEnded() {
        assertThat(live(Histories.error()).lifecycle().exitCode()).contains(3);
        SandboxState.Live again = live(plus(Histories.error(), new SandboxEvent.StartRequested(NODE, 2),
                new SandboxEvent.SandboxReady(2, "i2")));
        assertThat(again.lifecycle().exitCode()).isEmpty();
        assertThat(again.lifecycle().instanceId()).isEqualTo("i2");
    }

    static Stream<List<SandboxEvent>> misfits() {
        return Stream.of(
                List.of(new SandboxEvent.StopRequested(1)),
                plus(Histories.deleted(), new SandboxEvent.DeleteRequested()),
                plus(Histories.deleted(), new SandboxEvent.SandboxDeleted("s1")),
                plus(Histories.ready(), new SandboxEvent.SandboxRequested(request("s2"))),
                plus(Histories.ready(), stored(1, Histories.WIDER)),
                plus(Histories.ready(), stored(3, Histories.WIDER)),
                plus(Histories.ready(), new SandboxEvent.PolicyRevisionLoaded(2, 2)),
                plus(Histories.ready(), new SandboxEvent.PolicyRevisionLoaded(1, 2)),
                plus(Histories.ready(), new SandboxEvent.PolicyRevisionLoaded(0, 2)),
                plus(Histories.ready(), new SandboxEvent.PolicyRevisionFailed(2, "x")),
                plus(Histories.ready(), new SandboxEvent.PolicyRevisionFailed(0, "x")),
                plus(Histories.stopped(), new SandboxEvent.StartRequested(NODE, 1)),
                plus(Histories.deleted(), new SandboxEvent.SandboxRequested(request("s2")), new SandboxEvent.SandboxAssigned(NODE, 1)));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void anEventThatCannotFollowIsAMisfit(List<SandboxEvent> events) {
        // Control: all but the last do follow.
        SandboxState before = fold(events.subList(0, events.size() - 1));
        assertThatThrownBy(() -> decider.evolve(before, events.getLast(), Contexts.user())).isInstanceOf(MisfitEvent.class);
    }

    private SandboxState fold(List<SandboxEvent> events) {
        return DeciderFixture.fold(decider, decider.initial(), Contexts.user(), events);
    }

    private SandboxState.Live live(List<SandboxEvent> events) {
        return (SandboxState.Live) fold(events);
    }
}
