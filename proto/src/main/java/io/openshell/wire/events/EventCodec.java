package io.openshell.wire.events;

import com.google.protobuf.ByteString;
import io.openshell.model.CommandRejected;
import io.openshell.model.CommandUnchanged;
import io.openshell.model.Context;
import io.openshell.model.Event;
import io.openshell.model.EventEnvelope;
import io.openshell.model.EventSkipped;
import io.openshell.model.StreamId;
import io.openshell.model.global.GlobalEvent;
import io.openshell.model.node.NodeEvent;
import io.openshell.model.provider.ProviderEvent;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.settings.SettingsEvent;
import io.openshell.wire.events.v1.EventRecord;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Records of {@code openshell.events} and of node feeds. */
public final class EventCodec {

    /** The first schema version, which most events still have; {@link EventSchema} knows the others. */
    public static final int SCHEMA_VERSION = 1;

    /** Looked up once for each thread: a replay hashes every event. */
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(EventCodec::sha256);

    private EventCodec() {}

    /** To the log; equal envelopes give equal bytes. */
    public static byte[] encode(EventEnvelope envelope) {
        EventRecord.Builder out = EventRecord.newBuilder()
                .setEventId(envelope.eventId())
                .setStream(envelope.stream().toString())
                .setVersion(envelope.version())
                .setCommandId(envelope.context().commandId().value())
                .setProvenance(ProvenanceCodec.encode(envelope.context()))
                .setSchemaVersion(envelope.schemaVersion())
                .setRemaining(envelope.remaining())
                .setPreviousHash(ByteString.copyFrom(HexFormat.of().parseHex(envelope.previousHash())));
        switch (envelope.event()) {
            case SandboxEvent e -> out.setSandbox(SandboxEventCodec.encode(e));
            case NodeEvent e -> out.setNode(NodeCodec.encode(e));
            case GlobalEvent e -> out.setGlobal(GlobalCodec.encode(e));
            case SettingsEvent e -> out.setSettings(SettingsCodec.encode(e));
            case ProviderEvent e -> out.setProvider(ProviderCodec.encode(e));
            case CommandRejected e -> out.setRejected(StreamCommandCodec.event(e, envelope.schemaVersion()));
            case EventSkipped e -> out.setSkipped(
                    io.openshell.wire.events.v1.EventSkipped.newBuilder().setVersion(e.version()));
            case CommandUnchanged e -> out.setUnchanged(
                    io.openshell.wire.events.v1.CommandUnchanged.newBuilder().setCommand(e.command()));
        }
        return RecordBytes.write(out.build());
    }

    /**
     * From the log.
     *
     * @throws UndecodableRecord when this release cannot read it; it says whether a newer release would
     */
    public static EventEnvelope decode(byte[] bytes) {
        try {
            EventRecord in = EventRecord.parseFrom(RecordBytes.read(bytes));
            // What stands around the body first: a record that is damaged there says nothing about its release.
            StreamId stream = StreamId.parse(in.getStream());
            Context context = ProvenanceCodec.decode(in.getCommandId(), in.getProvenance());
            return new EventEnvelope(
                    in.getEventId(),
                    stream,
                    in.getVersion(),
                    context,
                    in.getSchemaVersion(),
                    in.getRemaining(),
                    HexFormat.of().formatHex(in.getPreviousHash().toByteArray()),
                    event(EventSchema.lifted(in)));
        } catch (IOException | IllegalArgumentException e) {
            throw new UndecodableRecord("an event record", e);
        }
    }

    private static Event event(EventRecord in) {
        return switch (in.getBodyCase()) {
            case SANDBOX -> SandboxEventCodec.decode(in.getSandbox());
            case NODE -> NodeCodec.decode(in.getNode());
            case GLOBAL -> GlobalCodec.decode(in.getGlobal());
            case SETTINGS -> SettingsCodec.decode(in.getSettings());
            case PROVIDER -> ProviderCodec.decode(in.getProvider());
            case REJECTED -> StreamCommandCodec.event(in.getRejected());
            case SKIPPED -> new EventSkipped(in.getSkipped().getVersion());
            case UNCHANGED -> new CommandUnchanged(in.getUnchanged().getCommand());
            case BODY_NOT_SET -> throw new UndecodableRecord("an event without a body");
        };
    }

    /** Lower-case hex SHA-256 of an encoded event: what the next event of the stream names as its predecessor. */
    public static String hash(byte[] encoded) {
        return HexFormat.of().formatHex(SHA_256.get().digest(encoded));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
