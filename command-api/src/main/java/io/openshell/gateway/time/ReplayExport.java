package io.openshell.gateway.time;

import com.google.protobuf.ByteString;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.log.LogRecord;
import io.openshell.model.EventEnvelope;
import io.openshell.model.StreamId;
import io.openshell.model.history.PrivateValues;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.projection.history.StreamReads;
import io.openshell.wire.control.v1.ReplayActivity;
import io.openshell.wire.control.v1.ReplayEvent;
import io.openshell.wire.control.v1.ReplayHeader;
import io.openshell.wire.control.v1.ReplayRecord;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.UndecodableRecord;
import io.openshell.wire.replay.ReplayFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Reads everything about some sandboxes for an incident file. Blocks. */
public final class ReplayExport {

    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private final StreamReads log;
    private final Topics topics;
    private final String version;

    /** Names of the topics read. */
    public record Topics(String events, String activity) {}

    /**
     * Exports from this log.
     *
     * @param version of this release
     */
    public ReplayExport(StreamReads log, Topics topics, String version) {
        this.log = log;
        this.topics = topics;
        this.version = version;
    }

    /** Hands over the records of the file, without the trailer, which is the file's own. */
    void run(List<StreamId> streams, Instant now, Consumer<ReplayRecord> out) {
        List<LogRecord> events = new ArrayList<>();
        streams.forEach(stream -> events.addAll(log.read(topics.events(), stream.toString(), DEADLINE)));
        if (events.isEmpty()) {
            throw Refusal.notFound("the log holds no event of " + streams);
        }
        out.accept(ReplayRecord.newBuilder().setHeader(ReplayHeader.newBuilder()
                .setFormatVersion(ReplayFormat.VERSION)
                .setExportedAt(StoredEntries.timestamp(now))
                .setGatewayVersion(version)
                .addAllStreams(streams.stream().map(StreamId::toString).toList())).build());
        Set<String> sandboxes = new LinkedHashSet<>();
        for (LogRecord record : events) {
            out.accept(ReplayRecord.newBuilder().setEvent(event(record, sandboxes)).build());
        }
        for (String id : sandboxes) {
            for (LogRecord record : log.read(topics.activity(), id, DEADLINE)) {
                out.accept(ReplayRecord.newBuilder().setActivity(ReplayActivity.newBuilder()
                        .setActivity(ByteString.copyFrom(record.value()))
                        .setLogTime(StoredEntries.timestamp(record.logTime()))).build());
            }
        }
    }

    private static ReplayEvent event(LogRecord record, Set<String> sandboxes) {
        ReplayEvent.Builder out = ReplayEvent.newBuilder()
                .setLogTime(StoredEntries.timestamp(record.logTime()))
                .setPartition(record.position().partition())
                .setOffset(record.position().offset())
                .setHash(EventCodec.hash(record.value()));
        try {
            EventEnvelope event = EventCodec.decode(record.value());
            if (event.event() instanceof SandboxEvent.SandboxRequested requested) {
                sandboxes.add(requested.request().sandboxId());
            }
            PrivateValues.Masked masked = PrivateValues.mask(event.event());
            byte[] bytes = masked.what().isEmpty() ? record.value() : EventCodec.encode(new EventEnvelope(
                    event.eventId(), event.stream(), event.version(), event.context(), event.schemaVersion(),
                    event.remaining(), event.previousHash(), masked.event()));
            return out.setEvent(ByteString.copyFrom(bytes)).addAllMasked(masked.what()).build();
        } catch (UndecodableRecord e) {
            // What is in it is not known, so none of it may leave; its hash keeps the chain whole.
            return out.addMasked("a record this release cannot read").build();
        }
    }
}
