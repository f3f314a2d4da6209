package io.openshell.wire.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.AggregateState;
import io.openshell.model.Aggregates;
import io.openshell.model.Event;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.Attachment;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.wire.events.v1.SnapshotStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StateCodecTest {

    @Test
    void aSandboxKeepsWhatItsProvidersContributeThroughASnapshot() {
        AggregateState state = Aggregates.initial(StreamId.Kind.SANDBOX);
        List<Event> events = List.of(
                new SandboxEvent.SandboxRequested(Samples.REQUEST),
                new SandboxEvent.ProviderAttached("plain"),
                new SandboxEvent.ProviderAttached(new Attachment("work", Optional.of(SamplePolicy.rule()))),
                new SandboxEvent.ProviderRulesLoaded(1, "ab".repeat(32)),
                new SandboxEvent.ProviderRulesLoaded(1, ""));
        for (Event event : events) {
            state = Aggregates.evolve(state, event, Samples.envelope(event).context());
        }
        SnapshotStream.Builder snapshot = SnapshotStream.newBuilder();
        StateCodec.encode(state, new PolicyTable(), snapshot);

        assertThat(StateCodec.decode(StreamId.sandbox("default", "demo"), snapshot.build(), new PolicyTable())).isEqualTo(state);
        assertThat(((SandboxState.Live) state).policies().provided().serial()).isEqualTo(2);
    }
}
