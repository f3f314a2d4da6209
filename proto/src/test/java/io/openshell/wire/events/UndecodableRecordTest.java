package io.openshell.wire.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import io.openshell.model.CommandUnchanged;
import io.openshell.model.policy.ConfigValue;
import io.openshell.model.policy.MiddlewareConfig;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.wire.events.v1.CommandRecord;
import io.openshell.wire.events.v1.EventRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UndecodableRecordTest {
    private static final int MUTANTS_PER_SAMPLE = 1_500;

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void otherSchemaVersionsAreRefused(int version) {
        refusedAfter(event -> event.setSchemaVersion(version));
    }

    @Test
    void whatThisReleaseDoesNotKnowIsRefused() {
        refusedAfter(EventRecord.Builder::clearBody);
        refusedAfter(event -> event.getSandboxBuilder().clearBody());
        refusedAfter(event -> event.getNodeBuilder().clearBody());
        refusedAfter(event -> event.getRejectedBuilder().setCode("OF_TOMORROW"));
        refusedAfter(event -> event.getProvenanceBuilder().setActorKind("robot"));
        refusedAfter(event -> event.getSandboxBuilder().getEnforcedBuilder().addLayersBuilder().setKind("TIME_TRAVEL").setState("absent"));
        refusedAfter(event -> event.getSandboxBuilder().getEnforcedBuilder().addLayersBuilder().setKind("SECCOMP").setState("maybe"));
        refusedAfter(event -> event.getSandboxBuilder().getSessionOpenedBuilder().setKind("watch"));
        refusedAfter(event -> event.setStream("workspace/default"));
        refusedAfter(event -> event.setStream(""));
    }

    @Test
    void whatIsCorruptIsRefused() {
        refusedAfter(EventRecord.Builder::clearCommandId);
        refusedAfter(event -> event.setCommandId("x".repeat(129)));
        refusedAfter(EventRecord.Builder::clearProvenance);
        refusedAfter(event -> event.getProvenanceBuilder().setTime(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE)));
        refusedAfter(event -> event.getProvenanceBuilder().setTime(
                Timestamp.newBuilder().setSeconds(Long.MIN_VALUE).setNanos(Integer.MIN_VALUE)));
        assertThatThrownBy(() -> EventCodec.decode(new byte[0])).isInstanceOf(UndecodableRecord.class);
        assertThatThrownBy(() -> CommandCodec.decode(new byte[0])).isInstanceOf(UndecodableRecord.class);
        assertThatThrownBy(() -> CommandCodec.decode(CommandRecord.newBuilder().setCommandId("c").build().toByteArray()))
                .isInstanceOf(UndecodableRecord.class);
    }

    @Test
    void fieldsOfANewerReleaseAreIgnored() throws Exception {
        byte[] known = EventCodec.encode(Samples.envelope(new CommandUnchanged("Stop")));
        UnknownFieldSet added = UnknownFieldSet.newBuilder().addField(900, UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8("of tomorrow")).build()).build();
        byte[] newer = EventRecord.parseFrom(known).toBuilder().setUnknownFields(added).build().toByteArray();
        assertThat(newer).isNotEqualTo(known);
        assertThat(EventCodec.decode(newer)).isEqualTo(EventCodec.decode(known));
    }

    @Test
    void nestingWithoutEndIsRefused() {
        ConfigValue value = new ConfigValue.Nothing();
        for (int i = 0; i < 500; i++) {
            value = new ConfigValue.Items(List.of(value));
        }
        var config = new ConfigValue.Fields(SamplePolicy.sorted(Map.of("k", value)));
        PolicyDocument deep = PolicyDocument.empty().withMiddlewares(
                Map.of("m", new MiddlewareConfig("", "m", 1, config, "", Optional.empty())));
        byte[] nested = EventCodec.encode(Samples.envelope(new SandboxEvent.PolicyRevisionStored(1, "", deep, Map.of())));
        // Groups opened again and again: what no schema describes has to be skipped safely too.
        byte[] groups = new byte[5_000];
        Arrays.fill(groups, (byte) 0x53);
        for (byte[] bytes : List.of(nested, groups)) {
            assertThatThrownBy(() -> EventCodec.decode(bytes)).isInstanceOf(UndecodableRecord.class);
            assertThatThrownBy(() -> CommandCodec.decode(bytes)).isInstanceOf(UndecodableRecord.class);
        }
    }

    @Test
    void damagedEventsAreReadOrRefusedButNeverFailOtherwise() {
        List<byte[]> samples = Samples.events().stream().map(e -> EventCodec.encode(Samples.envelope(e))).toList();
        survivesDamage(samples, EventCodec::decode, EventCodec::encode);
    }

    @Test
    void damagedCommandsAreReadOrRefusedButNeverFailOtherwise() {
        List<byte[]> samples = Samples.commands().stream().map(c -> CommandCodec.encode(Samples.envelope(c))).toList();
        survivesDamage(samples, CommandCodec::decode, CommandCodec::encode);
    }

    @Test
    void equalMessagesHaveEqualBytesWhateverOrderTheirEntriesCameIn() {
        EventRecord forwards = withLabels("a", "b", "c");
        EventRecord backwards = withLabels("c", "b", "a");
        assertThat(forwards).isEqualTo(backwards);
        assertThat(forwards.toByteArray()).as("control: the plain encoding keeps the order").isNotEqualTo(backwards.toByteArray());
        assertThat(RecordBytes.write(forwards)).isEqualTo(RecordBytes.write(backwards));
        assertThat(EventCodec.decode(forwards.toByteArray())).isEqualTo(EventCodec.decode(backwards.toByteArray()));
    }

    private static EventRecord withLabels(String... names) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String name : names) {
            labels.put(name, "1");
        }
        EventRecord.Builder event = record();
        event.getSandboxBuilder().getRequestedBuilder().getRequestBuilder().clearLabels().putAllLabels(labels);
        return event.build();
    }

    private static void refusedAfter(Consumer<EventRecord.Builder> change) {
        EventRecord.Builder event = record();
        assertThat(EventCodec.decode(event.build().toByteArray())).as("control: readable before the change").isNotNull();
        change.accept(event);
        assertThatThrownBy(() -> EventCodec.decode(event.build().toByteArray())).isInstanceOf(UndecodableRecord.class);
    }

    private static EventRecord.Builder record() {
        try {
            return EventRecord.parseFrom(EventCodec.encode(Samples.envelope(new SandboxEvent.SandboxRequested(Samples.REQUEST)))).toBuilder();
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> void survivesDamage(List<byte[]> samples, Function<byte[], T> decode, Function<T, byte[]> encode) {
        int read = 0;
        int refused = 0;
        for (int sample = 0; sample < samples.size(); sample++) {
            for (int seed = 0; seed < MUTANTS_PER_SAMPLE; seed++) {
                byte[] damaged = damage(samples.get(sample), new Random(31L * seed + sample));
                try {
                    T back = decode.apply(damaged);
                    assertThat(decode.apply(encode.apply(back))).isEqualTo(back);
                    read++;
                } catch (UndecodableRecord e) {
                    refused++;
                } catch (RuntimeException | StackOverflowError | AssertionError e) {
                    throw new AssertionError("sample " + sample + ", seed " + seed, e);
                }
            }
        }
        assertThat(read).as("some damage goes unnoticed").isPositive();
        assertThat(refused).as("some is noticed").isPositive();
    }

    private static byte[] damage(byte[] sample, Random random) {
        List<Byte> bytes = new ArrayList<>();
        for (byte each : sample) {
            bytes.add(each);
        }
        for (int i = 1 + random.nextInt(3); i > 0 && !bytes.isEmpty(); i--) {
            int at = random.nextInt(bytes.size());
            switch (random.nextInt(5)) {
                case 0 -> bytes.set(at, (byte) random.nextInt(256));
                case 1 -> bytes.set(at, (byte) (bytes.get(at) ^ (1 << random.nextInt(8))));
                case 2 -> bytes.remove(at);
                case 3 -> bytes.add(at, (byte) random.nextInt(256));
                default -> bytes.subList(at, Math.min(bytes.size(), at + 1 + random.nextInt(8))).clear();
            }
        }
        byte[] damaged = new byte[bytes.size()];
        for (int i = 0; i < damaged.length; i++) {
            damaged[i] = bytes.get(i);
        }
        return damaged;
    }
}
