package io.openshell.model.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.model.Contexts;
import io.openshell.model.DeciderFixture;
import io.openshell.model.MisfitEvent;
import io.openshell.model.RejectionCode;
import io.openshell.model.node.NodeEvent.NodeRegistered;
import io.openshell.model.node.NodeEvent.NodeRetired;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeDeciderTest {
    private static final NodeDescription HOST = new NodeDescription("host-1", List.of("linux"), List.of("landlock abi 4"), "");
    private static final NodeDescription UNFIT = new NodeDescription("host-1", List.of(), List.of(), "no user namespaces");
    private static final NodeEvent REGISTERED = new NodeRegistered(HOST, "a1");
    private static final NodeEvent RETIRED = new NodeRetired("maintenance");

    @Test
    void aNodeBecomesKnownByRegistering() {
        var stream = stream().when(new NodeCommand.Register(HOST, "a1")).thenEvents(REGISTERED);
        assertThat(stream.state()).isEqualTo(new NodeState.Registered(HOST, "a1", Contexts.NOON));
    }

    @Test
    void nobodyButANodeRegisters() {
        DeciderFixture.given(new NodeDecider(), Contexts.user(), List.<NodeEvent>of())
                .when(new NodeCommand.Register(HOST, "a1")).thenRefused(RejectionCode.REPORTER_NOT_ASSIGNED);
    }

    @Test
    void theSameStartToldTwiceIsRecordedOnce() {
        stream(REGISTERED).when(new NodeCommand.Register(HOST, "a1")).thenUnchanged();
    }

    @Test
    void aNewStartReplacesTheOlder() {
        var stream = stream(REGISTERED).when(new NodeCommand.Register(UNFIT, "a2")).thenEvents(new NodeRegistered(UNFIT, "a2"));
        assertThat(stream.state()).isEqualTo(new NodeState.Registered(UNFIT, "a2", Contexts.NOON));
    }

    @Test
    void aRetiredNodeCanComeBack() {
        stream(REGISTERED, RETIRED).when(new NodeCommand.Register(HOST, "a2")).thenEvents(new NodeRegistered(HOST, "a2"));
    }

    @Test
    void whatItCanRunChangesWithAReasonAndOnlyWhenItDoes() {
        NodeEvent gone = new NodeEvent.NodeRuntimesChanged(List.of(), "no engine answers");
        var stream = stream(REGISTERED).when(new NodeCommand.ReportRuntimes("a1", List.of(), "no engine answers")).thenEvents(gone);
        assertThat(stream.state()).isEqualTo(new NodeState.Registered(HOST.offering(List.of()), "a1", Contexts.NOON));
        stream(REGISTERED).when(new NodeCommand.ReportRuntimes("a1", HOST.runtimes(), "it answers")).thenUnchanged();
        stream(REGISTERED).when(new NodeCommand.ReportRuntimes("a0", List.of(), "of an earlier start")).thenUnchanged();
        stream(REGISTERED, RETIRED).when(new NodeCommand.ReportRuntimes("a1", List.of(), "late")).thenUnchanged();
        stream().when(new NodeCommand.ReportRuntimes("a1", List.of(), "of nobody")).thenRefused(RejectionCode.NODE_UNKNOWN);
    }

    @Test
    void retiringEndsTheStartItNamesOnly() {
        var stream = stream(REGISTERED).when(new NodeCommand.Retire("a1", "maintenance")).thenEvents(RETIRED);
        assertThat(stream.state()).isEqualTo(new NodeState.Retired(HOST, "maintenance"));
        stream(REGISTERED).when(new NodeCommand.Retire("a0", "late farewell")).thenUnchanged();
    }

    @Test
    void retiringTwiceChangesNothing() {
        stream(REGISTERED, RETIRED).when(new NodeCommand.Retire("a1", "again")).thenUnchanged();
    }

    @Test
    void aNodeNobodyKnowsCannotRetire() {
        stream().when(new NodeCommand.Retire("a1", "x")).thenRefused(RejectionCode.NODE_UNKNOWN);
    }

    @Test
    void aRetirementFitsOnlyANodeInService() {
        NodeDecider decider = new NodeDecider();
        assertThatThrownBy(() -> decider.evolve(decider.initial(), RETIRED, Contexts.user())).isInstanceOf(MisfitEvent.class);
        assertThatThrownBy(() -> decider.evolve(stream(REGISTERED, RETIRED).state(), RETIRED, Contexts.user()))
                .isInstanceOf(MisfitEvent.class);
    }

    private static DeciderFixture<NodeCommand, NodeState, NodeEvent> stream(NodeEvent... history) {
        return DeciderFixture.given(new NodeDecider(), Contexts.node("n1"), List.of(history));
    }
}
