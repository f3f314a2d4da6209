package io.openshell.wire.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Actor;
import io.openshell.model.Command;
import io.openshell.model.CommandId;
import io.openshell.model.CommandRejected;
import io.openshell.model.Context;
import io.openshell.model.Event;
import io.openshell.model.EventEnvelope;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamId;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.ConfigValue;
import io.openshell.model.policy.MiddlewareConfig;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.Session;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.v1.UpdateConfigRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordRoundTripTest {

    static Stream<Event> events() {
        return Samples.events().stream();
    }

    static Stream<Command> commands() {
        return Samples.commands().stream();
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyEventSurvives(Event event) {
        survives(Samples.envelope(event));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandSurvives(Command command) {
        assertThat(CommandCodec.decode(CommandCodec.encode(Samples.envelope(command)))).isEqualTo(Samples.envelope(command));
    }

    @Test
    void emptyValuesSurvive() {
        Context bare = new Context(new CommandId("c"), "", "", new Actor(Actor.Kind.USER, "", ""), "", "", Instant.EPOCH);
        survives(new EventEnvelope("", StreamId.sandbox("default", "demo"), 1, bare, 1, 0, "", new SandboxEvent.SandboxReady(0, "")));
        Command create = new SandboxCommand.Create(Samples.REQUEST, PolicyDocument.empty(), Optional.empty());
        assertThat(CommandCodec.decode(CommandCodec.encode(Samples.envelope(create)))).isEqualTo(Samples.envelope(create));
        Command start = new SandboxCommand.Start(Optional.empty());
        assertThat(CommandCodec.decode(CommandCodec.encode(Samples.envelope(start)))).isEqualTo(Samples.envelope(start));
    }

    @ParameterizedTest
    @EnumSource(RejectionCode.class)
    void everyRejectionCodeSurvives(RejectionCode code) {
        survives(Samples.envelope(new CommandRejected("Stop", new Rejection(code, "because"))));
    }

    @ParameterizedTest
    @EnumSource(LayerKind.class)
    void everyLayerSurvives(LayerKind kind) {
        survives(Samples.envelope(new SandboxEvent.SandboxRefused(1, List.of(new LayerReport.Enforced(kind, "d"),
                new LayerReport.Weakened(kind, "m"), new LayerReport.Absent(kind, "w")), "c", "r")));
    }

    @ParameterizedTest
    @EnumSource(Session.Kind.class)
    void everyKindOfSessionSurvives(Session.Kind kind) {
        survives(Samples.envelope(new SandboxEvent.SessionOpened(new Session("x", kind, List.of(), false, ""))));
    }

    @ParameterizedTest
    @EnumSource(Actor.Kind.class)
    void everyKindOfActorSurvives(Actor.Kind kind) {
        Context context = new Context(new CommandId("c"), "", "", new Actor(kind, "s", "a"), "", "", Instant.EPOCH);
        survives(new EventEnvelope("e", StreamId.node("n"), 1, context, 1, 0, "", new SandboxEvent.DeleteRequested()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1000000000-01-01T00:00:00Z", "1969-12-31T23:59:59.999999999Z", "+1000000000-12-31T23:59:59.999999999Z"})
    void everyInstantSurvives(String time) {
        Instant instant = Instant.parse(time);
        assertThat(Times.decode(Times.encode(instant))).isEqualTo(instant);
    }

    @Test
    void whatARequestMayNestARecordMayToo() throws Exception {
        // As deep as the parser of requests takes it.
        PolicyDocument deepest = nested(0);
        int depth = 1;
        while (requestCarries(nested(depth))) {
            deepest = nested(depth++);
        }
        assertThat(depth).isGreaterThan(20);
        survives(Samples.envelope(new SandboxEvent.PolicyRevisionStored(1, "", deepest, Map.of())));
        Command command = new SandboxCommand.SetPolicy(deepest, Map.of(), 0);
        assertThat(CommandCodec.decode(CommandCodec.encode(Samples.envelope(command)))).isEqualTo(Samples.envelope(command));
    }

    private static boolean requestCarries(PolicyDocument policy) {
        try {
            UpdateConfigRequest.parseFrom(UpdateConfigRequest.newBuilder().setPolicy(PolicyCodec.encode(policy)).build().toByteArray());
            return true;
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            return false;
        }
    }

    private static PolicyDocument nested(int depth) {
        ConfigValue value = new ConfigValue.Text("core");
        for (int i = 0; i < depth; i++) {
            value = new ConfigValue.Items(List.of(value));
        }
        var config = new ConfigValue.Fields(SamplePolicy.sorted(Map.of("k", value)));
        return PolicyDocument.empty().withMiddlewares(Map.of("m", new MiddlewareConfig("", "m", 1, config, "", Optional.empty())));
    }

    private static void survives(EventEnvelope envelope) {
        assertThat(EventCodec.decode(EventCodec.encode(envelope))).isEqualTo(envelope);
    }
}
