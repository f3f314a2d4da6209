package io.openshell.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.model.node.NodeCommand;
import io.openshell.model.node.NodeDescription;
import io.openshell.model.node.NodeEvent;
import io.openshell.model.node.NodeState;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AggregatesTest {
    private static final NodeDescription HOST = new NodeDescription("host-1", List.of("linux"), List.of(), "");
    private static final NodeCommand REGISTER = new NodeCommand.Register(HOST, "a1");

    @Test
    void everyKindOfStreamHasItsEmptyState() {
        assertThat(Aggregates.initial(StreamId.Kind.SANDBOX)).isEqualTo(new SandboxState.Unused());
        assertThat(Aggregates.initial(StreamId.Kind.NODE)).isEqualTo(new NodeState.Unknown());
    }

    @Test
    void onlyANodeItselfMaySpeakForIt() {
        StreamId stream = StreamId.node("n1");
        NodeState unknown = new NodeState.Unknown();
        assertThat(Aggregates.decide(stream, REGISTER, unknown, Contexts.node("n1"))).containsExactly(new NodeEvent.NodeRegistered(HOST, "a1"));
        for (Context other : List.of(Contexts.node("n2"), Contexts.user(), Contexts.of(io.openshell.model.Actor.Kind.USER, "n1", Contexts.NOON))) {
            assertThat(Aggregates.decide(stream, REGISTER, unknown, other)).first()
                    .isInstanceOfSatisfying(CommandRejected.class, refused -> assertThat(refused.rejection().code())
                            .isEqualTo(RejectionCode.REPORTER_NOT_ASSIGNED));
        }
    }

    @Test
    void aRefusalIsRecordedWithTheNameOfItsCommand() {
        List<Event> events = Aggregates.decide(new SandboxCommand.Stop(), new SandboxState.Unused(), Contexts.user());
        assertThat(events).containsExactly(
                new CommandRejected("Stop", new Rejection(RejectionCode.SANDBOX_UNKNOWN, "there is no such sandbox")));
    }

    @Test
    void aCommandWithoutEffectIsRecordedToo() {
        NodeState registered = new NodeState.Registered(HOST, "a1", Contexts.NOON);
        assertThat(Aggregates.decide(REGISTER, registered, Contexts.node("n1"))).containsExactly(new CommandUnchanged("Register"));
    }

    @Test
    void whatWasRefusedOrHadNoEffectChangesNoState() {
        NodeState registered = new NodeState.Registered(HOST, "a1", Contexts.NOON);
        Event refused = new CommandRejected("Stop", new Rejection(RejectionCode.SANDBOX_UNKNOWN, "x"));
        assertThat(Aggregates.evolve(registered, refused, Contexts.user())).isSameAs(registered);
        assertThat(Aggregates.evolve(registered, new CommandUnchanged("Stop"), Contexts.user())).isSameAs(registered);
    }

    @Test
    void aCommandOrEventInTheWrongKindOfStreamIsAMisfit() {
        assertThat(Aggregates.decide(REGISTER, new NodeState.Unknown(), Contexts.user())).isNotEmpty();
        assertThatThrownBy(() -> Aggregates.decide(REGISTER, new SandboxState.Unused(), Contexts.user()))
                .isInstanceOf(MisfitEvent.class);
        assertThatThrownBy(() -> Aggregates.decide(new SandboxCommand.Stop(), new NodeState.Unknown(), Contexts.user()))
                .isInstanceOf(MisfitEvent.class);
        assertThatThrownBy(() -> Aggregates.evolve(new SandboxState.Unused(), new NodeEvent.NodeRegistered(HOST, "a1"), Contexts.user()))
                .isInstanceOf(MisfitEvent.class);
    }

    @ParameterizedTest
    @EnumSource(StreamId.Kind.class)
    void streamNamesSurviveTheirText(StreamId.Kind kind) {
        StreamId stream = new StreamId(kind, "default/demo");
        assertThat(StreamId.parse(stream.toString())).isEqualTo(stream);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sandbox", "sandbox/", "node/", "nodes/x", "Sandbox/a/b", "/sandbox/a"})
    void textsThatNameNoStreamAreRefused(String text) {
        assertThatThrownBy(() -> StreamId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void commandIdsAreBounded() {
        assertThat(new CommandId("x".repeat(128)).value()).hasSize(128);
        assertThatThrownBy(() -> new CommandId("x".repeat(129))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CommandId("")).isInstanceOf(IllegalArgumentException.class);
    }
}
