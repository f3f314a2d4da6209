package io.openshell.projection.fold;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.openshell.model.StreamId;
import io.openshell.projection.PoisonedStream;
import io.openshell.wire.events.EventSchema;
import io.openshell.wire.events.PolicyTable;
import io.openshell.wire.events.StateCodec;
import io.openshell.wire.events.Times;
import io.openshell.wire.events.v1.SnapshotCommand;
import io.openshell.wire.events.v1.SnapshotEntry;
import io.openshell.wire.events.v1.SnapshotHeader;
import io.openshell.wire.events.v1.SnapshotPoison;
import io.openshell.wire.events.v1.SnapshotStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A snapshot as bytes: a header, then one entry after the other, streams by name. */
final class SnapshotCodec {

    /** Rises with every change of what the fold makes of events, or of how that is written here. */
    static final int FOLD_VERSION = 6;

    private static final Comparator<StreamState> BY_NAME = Comparator
            .comparing((StreamState each) -> each.stream().kind()).thenComparing(each -> each.stream().path());
    private static final String SCHEMA = EventSchema.fingerprint();

    /** A stream with many large policies; what is larger is damage. Bytes. */
    private static final int LARGEST_ENTRY = 256 << 20;
    private static final int DEEPEST = 200;

    private SnapshotCodec() {}

    static void write(FoldSnapshot snapshot, String topicId, OutputStream out) throws IOException {
        SnapshotHeader.Builder header =
                SnapshotHeader.newBuilder().setFoldVersion(FOLD_VERSION).setTopicId(topicId)
                        .setEventSchema(SCHEMA).setNewest(Times.encode(snapshot.reach().newest()))
                        .setEvents(snapshot.reach().records());
        snapshot.positions().forEach(header::putPositions);
        header.build().writeDelimitedTo(out);
        List<StreamState> streams = new ArrayList<>(snapshot.streams());
        streams.sort(BY_NAME);
        PolicyTable policies = new PolicyTable();
        for (StreamState each : streams) {
            SnapshotEntry.newBuilder().setStream(stream(each, policies)).build().writeDelimitedTo(out);
        }
        for (CalledCommands.Called each : snapshot.called()) {
            SnapshotEntry.newBuilder()
                    .setCalled(StoredCommands.encode(new RecentCommands.Entry(each.id(), each.digest(), each.outcome()))
                            .setStream(each.stream().toString()))
                    .build().writeDelimitedTo(out);
        }
        for (PoisonedStream each : snapshot.poisoned()) {
            SnapshotEntry.newBuilder().setPoison(SnapshotPoison.newBuilder()
                            .setStream(each.stream()).setVersion(each.version()).setPartition(each.partition())
                            .setOffset(each.offset()).setReason(each.reason()).setNewer(each.newer()))
                    .build().writeDelimitedTo(out);
        }
    }

    private static SnapshotStream stream(StreamState state, PolicyTable policies) {
        SnapshotStream.Builder out = SnapshotStream.newBuilder()
                .setStream(state.stream().toString())
                .setVersion(state.version())
                .setLastHash(ByteString.copyFrom(HexFormat.of().parseHex(state.lastHash())))
                .setCommands(StoredCommands.of(state.stream(), state.recent()).bytes());
        StateCodec.encode(state.state(), policies, out);
        return out.build();
    }

    /**
     * Reads one back.
     *
     * @throws Unusable when it belongs to another log or to another release's fold
     * @throws IOException when it cannot be read
     */
    static FoldSnapshot read(InputStream in, String topicId) throws IOException {
        FoldSnapshot.Reach reach = reach(in, topicId);
        List<StreamState> streams = new ArrayList<>();
        List<CalledCommands.Called> called = new ArrayList<>();
        List<PoisonedStream> poisoned = new ArrayList<>();
        PolicyTable policies = new PolicyTable();
        for (SnapshotEntry entry = next(in); entry != null; entry = next(in)) {
            switch (entry.getBodyCase()) {
                case STREAM -> streams.add(stream(entry.getStream(), policies));
                case CALLED -> called.add(called(entry.getCalled()));
                case POISON -> poisoned.add(new PoisonedStream(
                        entry.getPoison().getStream(), entry.getPoison().getVersion(), entry.getPoison().getPartition(),
                        entry.getPoison().getOffset(), entry.getPoison().getReason(), entry.getPoison().getNewer()));
                case BODY_NOT_SET -> throw new Unusable("it holds an entry of another release");
            }
        }
        return new FoldSnapshot(reach, streams, called, poisoned);
    }

    /** The same of the beginning only: how far it reaches. */
    static FoldSnapshot.Reach reach(InputStream in, String topicId) throws IOException {
        SnapshotHeader header = SnapshotHeader.parseDelimitedFrom(in);
        // A release that reads events differently, and be it only one it could not read before, folds them again.
        if (header == null || header.getFoldVersion() != FOLD_VERSION || !header.getEventSchema().equals(SCHEMA)) {
            throw new Unusable("it was made by another release");
        }
        if (!header.getTopicId().equals(topicId)) {
            throw new Unusable("it belongs to another log");
        }
        return new FoldSnapshot.Reach(
                Map.copyOf(header.getPositionsMap()), Times.decode(header.getNewest()), header.getEvents());
    }

    private static @Nullable SnapshotEntry next(InputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int size = CodedInputStream.readRawVarint32(first, in);
        if (size < 0 || size > LARGEST_ENTRY) {
            throw new IOException("an entry of " + size + " bytes");
        }
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new IOException("it ends in the middle of an entry");
        }
        CodedInputStream coded = CodedInputStream.newInstance(bytes);
        // A policy nests as deep as a request may.
        coded.setRecursionLimit(DEEPEST);
        return SnapshotEntry.parseFrom(coded);
    }

    private static StreamState stream(SnapshotStream in, PolicyTable policies) {
        StreamId stream = StreamId.parse(in.getStream());
        return new StreamState(stream, StateCodec.decode(stream, in, policies), in.getVersion(),
                HexFormat.of().formatHex(in.getLastHash().toByteArray()),
                RecentCommands.of(new StoredCommands(stream, in.getCommands())));
    }

    private static CalledCommands.Called called(SnapshotCommand in) {
        StreamId stream = StreamId.parse(in.getStream());
        RecentCommands.Entry entry = StoredCommands.decode(in, stream);
        return new CalledCommands.Called(entry.id(), stream, entry.digest(), entry.outcome());
    }

    /** A whole snapshot, but not one for here. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unusable(String why) {
            super(why);
        }
    }
}
