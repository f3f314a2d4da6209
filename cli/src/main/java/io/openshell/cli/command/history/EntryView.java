package io.openshell.cli.command.history;

import com.google.protobuf.Timestamp;
import io.openshell.cli.json.JsonText;
import io.openshell.wire.control.v1.HistoryEntry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event as users see it. */
final class EntryView {
    private EntryView() {}

    /** One line; with the stream when events of several are shown. */
    static String line(HistoryEntry entry, boolean withStream) {
        String actor = entry.getActor().getSubject().isEmpty() ? entry.getActor().getKind() : entry.getActor().getSubject();
        String stream = withStream ? String.format("  %-24s", entry.getStream()) : "";
        return String.format("%5d  %s%s  %-28s %s  (%s)", entry.getVersion(), time(entry.getTime()), stream, entry.getType(),
                entry.getSummary(), actor);
    }

    static Map<String, @Nullable Object> document(HistoryEntry entry) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("event_id", entry.getEventId());
        document.put("stream", entry.getStream());
        document.put("version", entry.getVersion());
        document.put("type", entry.getType());
        document.put("summary", entry.getSummary());
        document.put("time", time(entry.getTime()));
        document.put("log_time", time(entry.getLogTime()));
        Map<String, @Nullable Object> actor = new LinkedHashMap<>();
        actor.put("kind", entry.getActor().getKind());
        actor.put("subject", entry.getActor().getSubject());
        actor.put("authenticated_by", entry.getActor().getAuthenticatedBy());
        document.put("actor", actor);
        document.put("command_id", entry.getCommandId());
        document.put("correlation_id", entry.getCorrelationId());
        document.put("trace_id", entry.getTraceId());
        document.put("origin_address", entry.getOriginAddress());
        document.put("asserted_by", entry.getAssertedBy());
        document.put("schema_version", entry.getSchemaVersion());
        document.put("previous_hash", entry.getPreviousHash());
        document.put("body", entry.getBodyJson().isEmpty() ? Map.of() : JsonText.parse(entry.getBodyJson()));
        return document;
    }

    private static String time(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
