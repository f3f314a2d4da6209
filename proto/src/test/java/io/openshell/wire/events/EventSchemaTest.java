package io.openshell.wire.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.openshell.model.CommandRejected;
import io.openshell.model.EventEnvelope;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.wire.events.v1.EventRecord;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EventSchemaTest {
    private static final Rejection REFUSED = new Rejection(RejectionCode.SANDBOX_UNKNOWN, "there is no such sandbox");

    @Test
    void aRefusalOfTheFirstVersionStandsForOneUnlessItSaysOtherwise() {
        EventRecord first = record(new CommandRejected("Stop", REFUSED), 1);
        assertThat(first.getRejected().getCount()).as("the first version leaves it out").isZero();
        assertThat(Upcasters.refusalsAreCounted(first).getRejected().getCount()).isEqualTo(1);
        EventRecord counted = record(new CommandRejected("Stop", REFUSED, 40), 1);
        assertThat(Upcasters.refusalsAreCounted(counted)).isEqualTo(counted);
        assertThat(EventCodec.decode(first.toByteArray()).event()).isEqualTo(new CommandRejected("Stop", REFUSED, 1));
        assertThat(EventCodec.decode(counted.toByteArray()).event()).isEqualTo(new CommandRejected("Stop", REFUSED, 40));
    }

    @Test
    void aRefusalOfTheSecondVersionAlwaysHasItsCount() {
        EventRecord second = record(new CommandRejected("Stop", REFUSED, 40), 2);
        assertThat(EventCodec.decode(second.toByteArray()).event()).isEqualTo(new CommandRejected("Stop", REFUSED, 40));
        EventRecord.Builder without = second.toBuilder();
        without.getRejectedBuilder().clearCount();
        assertThat(newer(without.build())).as("not newer, but damaged").isFalse();
    }

    @Test
    void anEventIsWrittenInTheLowestVersionThatSaysItInFull() {
        assertThat(EventSchema.version(new CommandRejected("Stop", REFUSED))).isEqualTo(1);
        assertThat(EventSchema.version(new CommandRejected("Stop", REFUSED, 2))).isEqualTo(2);
        assertThat(EventSchema.version(new SandboxEvent.StopRequested(1))).isEqualTo(1);
        assertThat(EventSchema.known()).containsEntry("rejected", 2).containsEntry("sandbox.ready", 1).containsEntry("node.lost", 1);
    }

    @Test
    void whatANewerReleaseWroteIsToldFromDamage() {
        assertThat(newerAfter(event -> event.setSchemaVersion(2))).as("a version of tomorrow").isTrue();
        assertThat(newerAfter(event -> event.clearBody().setUnknownFields(unknown(99)))).as("a kind of tomorrow").isTrue();
        assertThat(newerAfter(event -> event.getSandboxBuilder().clearBody().setUnknownFields(unknown(99)))).as("a type of tomorrow").isTrue();
        assertThat(newerAfter(event -> event.getRejectedBuilder().setCode("OF_TOMORROW"))).as("a name of tomorrow").isTrue();
        assertThat(newerAfter(event -> event.setSchemaVersion(0))).isFalse();
        assertThat(newerAfter(event -> event.setSchemaVersion(-1))).isFalse();
        assertThat(newerAfter(EventRecord.Builder::clearBody)).isFalse();
        assertThat(newerAfter(event -> event.getSandboxBuilder().clearBody())).isFalse();
        assertThat(newerAfter(event -> event.getRejectedBuilder().setCode("no name"))).isFalse();
        assertThat(newerAfter(event -> event.setSchemaVersion(2).clearProvenance())).as("damaged around the body").isFalse();
    }

    @Test
    void theFingerprintIsTheSameInEveryProcess() {
        assertThat(EventSchema.fingerprint()).hasSize(64).isEqualTo(EventSchema.fingerprint());
    }

    private static UnknownFieldSet unknown(int field) {
        return UnknownFieldSet.newBuilder().addField(field, UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.EMPTY).build()).build();
    }

    private static boolean newerAfter(Consumer<EventRecord.Builder> change) {
        EventRecord.Builder event = record(new SandboxEvent.StopRequested(1), 1).toBuilder();
        assertThat(EventCodec.decode(event.build().toByteArray())).as("control: readable before the change").isNotNull();
        change.accept(event);
        return newer(event.build());
    }

    private static boolean newer(EventRecord record) {
        UndecodableRecord refused = catchThrowableOfType(UndecodableRecord.class, () -> EventCodec.decode(record.toByteArray()));
        assertThat(refused).isNotNull();
        return refused.newer();
    }

    private static EventRecord record(io.openshell.model.Event event, int schemaVersion) {
        EventEnvelope sample = Samples.envelope(event);
        try {
            return EventRecord.parseFrom(EventCodec.encode(new EventEnvelope(sample.eventId(), sample.stream(), sample.version(),
                    sample.context(), schemaVersion, sample.remaining(), sample.previousHash(), event)));
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
