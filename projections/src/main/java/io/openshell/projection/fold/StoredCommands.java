package io.openshell.projection.fold;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamId;
import io.openshell.wire.events.v1.SnapshotCommand;
import io.openshell.wire.events.v1.SnapshotCommands;
import java.util.HexFormat;
import java.util.List;

/** The newest commands of one stream as bytes of a snapshot. */
record StoredCommands(StreamId stream, ByteString bytes) {

    /** Of commands that stem from the same snapshot and did not change since, their very bytes. */
    static StoredCommands of(StreamId stream, RecentCommands recent) {
        return recent.stored().orElseGet(() -> {
            SnapshotCommands.Builder out = SnapshotCommands.newBuilder();
            recent.entries().forEach(each -> out.addCommand(encode(each)));
            return new StoredCommands(stream, out.build().toByteString());
        });
    }

    /** Oldest first. */
    List<RecentCommands.Entry> read() {
        try {
            return SnapshotCommands.parseFrom(bytes).getCommandList().stream().map(each -> decode(each, stream)).toList();
        } catch (InvalidProtocolBufferException e) {
            // The file's checksum was right, so this release wrote what it cannot read.
            throw new IllegalStateException("the commands of " + stream + " in the snapshot are damaged", e);
        }
    }

    /** Without the stream's name. */
    static SnapshotCommand.Builder encode(RecentCommands.Entry entry) {
        SnapshotCommand.Builder out = SnapshotCommand.newBuilder()
                .setCommandId(entry.id().value())
                .setDigest(ByteString.copyFrom(HexFormat.of().parseHex(entry.digest())));
        return switch (entry.outcome()) {
            case Outcome.Applied applied -> out.setVersion(applied.version());
            case Outcome.Refused refused ->
                out.setCode(refused.rejection().code().name()).setReason(refused.rejection().reason());
        };
    }

    /** A command of this stream. */
    static RecentCommands.Entry decode(SnapshotCommand in, StreamId stream) {
        Outcome outcome = in.getCode().isEmpty()
                ? new Outcome.Applied(stream, in.getVersion())
                : new Outcome.Refused(new Rejection(RejectionCode.valueOf(in.getCode()), in.getReason()));
        return new RecentCommands.Entry(
                new CommandId(in.getCommandId()), HexFormat.of().formatHex(in.getDigest().toByteArray()), outcome);
    }
}
