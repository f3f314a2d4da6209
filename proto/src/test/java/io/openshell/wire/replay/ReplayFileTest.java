package io.openshell.wire.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.openshell.model.Actor;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.model.Event;
import io.openshell.model.EventEnvelope;
import io.openshell.model.StreamId;
import io.openshell.model.history.Change;
import io.openshell.model.node.NodeDescription;
import io.openshell.model.node.NodeEvent;
import io.openshell.wire.control.v1.ReplayActivity;
import io.openshell.wire.control.v1.ReplayEvent;
import io.openshell.wire.control.v1.ReplayHeader;
import io.openshell.wire.control.v1.ReplayRecord;
import io.openshell.wire.events.EventCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplayFileTest {
    private static final StreamId STREAM = StreamId.node("n1");
    private static final NodeDescription HOST = new NodeDescription("host", List.of("linux"), List.of(), "");

    private final List<ReplayEvent> events = events();

    private static List<ReplayEvent> events() {
        List<ReplayEvent> events = new ArrayList<>();
        String hash = "";
        for (Event event : List.of(new NodeEvent.NodeRegistered(HOST, "i1"), new NodeEvent.NodeRetired("shut down"),
                new NodeEvent.NodeRegistered(HOST, "i2"))) {
            long version = events.size() + 1L;
            Context context = new Context(new CommandId("c" + version), "r", "", new Actor(Actor.Kind.NODE, "n1", "node-key"), "",
                    "node:n1", Instant.ofEpochSecond(version));
            byte[] bytes = EventCodec.encode(new EventEnvelope(STREAM + "@" + version, STREAM, version, context,
                    EventCodec.SCHEMA_VERSION, 0, hash, event));
            hash = EventCodec.hash(bytes);
            events.add(ReplayEvent.newBuilder().setEvent(ByteString.copyFrom(bytes)).setHash(hash).setOffset(version).build());
        }
        return events;
    }

    private byte[] file(int version) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReplayWriter writer = new ReplayWriter(out);
        writer.write(ReplayRecord.newBuilder().setHeader(ReplayHeader.newBuilder()
                .setFormatVersion(version).addStreams(STREAM.toString())).build());
        for (ReplayEvent event : events) {
            writer.write(ReplayRecord.newBuilder().setEvent(event).build());
        }
        writer.write(ReplayRecord.newBuilder().setActivity(ReplayActivity.getDefaultInstance()).build());
        writer.finish();
        assertThat(writer.events()).isEqualTo(3);
        assertThat(writer.activities()).isEqualTo(1);
        return out.toByteArray();
    }

    private static List<ReplayRecord> read(byte[] file) throws IOException {
        ReplayReader reader = new ReplayReader(new ByteArrayInputStream(file));
        List<ReplayRecord> records = new ArrayList<>();
        for (Optional<ReplayRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
            records.add(next.get());
        }
        return records;
    }

    @Test
    void whatWasWrittenIsRead() throws IOException {
        List<ReplayRecord> records = read(file(1));
        assertThat(records.stream().filter(ReplayRecord::hasEvent).map(ReplayRecord::getEvent)).containsExactlyElementsOf(events);
        assertThat(records).hasSize(4);
    }

    @Test
    void aFileOfANewerReleaseIsRefused() throws IOException {
        byte[] newer = file(ReplayFormat.VERSION + 1);
        assertThatThrownBy(() -> read(newer)).isInstanceOf(ReplayRefused.class)
                .hasMessageContaining("format version 2").hasMessageContaining("reads up to 1");
    }

    @Test
    void aFileThatIsNoneIsRefused() {
        assertThatThrownBy(() -> read(new byte[0])).isInstanceOf(ReplayRefused.class);
        assertThatThrownBy(() -> read("just some text".getBytes())).isInstanceOf(ReplayRefused.class)
                .hasMessageContaining("no incident file");
    }

    @Test
    void aFileThatEndsEarlyIsRefusedWhereverItEnds() throws IOException {
        byte[] whole = file(1);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(ReplayRefused.class);
        }
    }

    @Test
    void aFileWithAnyBitChangedIsRefused() throws IOException {
        byte[] whole = file(1);
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 4;
            assertThatThrownBy(() -> read(changed)).as("byte %d", at).isInstanceOf(ReplayRefused.class);
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        assertThatThrownBy(() -> read(longer)).isInstanceOf(ReplayRefused.class);
    }

    @Test
    void eachStepTellsTheEventAndWhatItChanged() {
        ReplaySteps steps = new ReplaySteps();
        assertThat(steps.next(events.get(0)).changes()).contains(new Change.Changed("state", "Unknown", "Registered"));
        ReplaySteps.Step second = steps.next(events.get(1));
        assertThat(second.number()).isEqualTo(2);
        assertThat(second.event().orElseThrow().event()).isEqualTo(new NodeEvent.NodeRetired("shut down"));
        assertThat(second.changes()).contains(new Change.Added("reason", "shut down"));
        assertThat(second.problems()).isEmpty();
        assertThat(steps.next(events.get(2)).problems()).isEmpty();
    }

    @Test
    void anEventThatWasChangedLeftOutOrCannotBeReadIsAProblem() {
        ReplaySteps changed = new ReplaySteps();
        assertThat(changed.next(events.get(0).toBuilder().setHash("00").build()).problems())
                .containsExactly("its bytes do not match its hash");
        assertThat(changed.next(events.get(1)).problems()).containsExactly("it does not name the hash of the event before it");

        ReplaySteps leftOut = new ReplaySteps();
        leftOut.next(events.get(0));
        assertThat(leftOut.next(events.get(2)).problems()).contains("version 2 should come next, not 3");

        assertThat(new ReplaySteps().next(ReplayEvent.getDefaultInstance()).problems())
                .containsExactly("it cannot be read by this release");
    }

    @Test
    void aMaskedEventStandsInTheChainByItsHash() {
        ReplaySteps steps = new ReplaySteps();
        ReplayEvent masked = events.get(0).toBuilder()
                .setEvent(ByteString.copyFrom(EventCodec.encode(maskedFirst()))).addMasked("hostname").build();
        assertThat(steps.next(masked).problems()).isEmpty();
        assertThat(steps.next(events.get(1)).problems()).isEmpty();
    }

    private EventEnvelope maskedFirst() {
        EventEnvelope first = EventCodec.decode(events.get(0).getEvent().toByteArray());
        return new EventEnvelope(first.eventId(), first.stream(), first.version(), first.context(), first.schemaVersion(),
                first.remaining(), first.previousHash(), new NodeEvent.NodeRegistered(
                        new NodeDescription("***", HOST.runtimes(), HOST.layers(), HOST.unfitReason()), "i1"));
    }
}
