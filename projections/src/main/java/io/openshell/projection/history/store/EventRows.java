package io.openshell.projection.history.store;

import io.openshell.log.Position;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Rows of the table of events, in and out. */
final class EventRows {

    static final String COLUMNS = "\"partition\", \"offset\", event_id, stream, version, type, actor, actor_kind,"
            + " authenticated_by, correlation_id, command_id, trace_id, origin_address, asserted_by, origin_time, log_time,"
            + " schema_version, previous_hash, summary, body";

    static final String INSERT =
            "INSERT OR IGNORE INTO events (" + COLUMNS + ") VALUES (" + "?, ".repeat(19) + "?)";

    /** Nine digits always, so that the order of the texts is the order of the times. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

    private EventRows() {}

    static String time(Instant time) {
        return TIME.format(time);
    }

    static void bind(PreparedStatement insert, StoredEvent event) throws SQLException {
        StoredEvent.Origin origin = event.origin();
        Object[] values = {
            event.position().partition(), event.position().offset(), event.eventId(), event.stream(), event.version(),
            event.type(), origin.actor(), origin.actorKind(), origin.authenticatedBy(), origin.correlationId(),
            origin.commandId(), origin.traceId(), origin.address(), origin.assertedBy(), time(origin.time()),
            time(event.logTime()), event.schemaVersion(), event.previousHash(), event.summary(), event.body()
        };
        for (int i = 0; i < values.length; i++) {
            insert.setObject(i + 1, values[i]);
        }
    }

    static StoredEvent read(ResultSet row) throws SQLException {
        StoredEvent.Origin origin = new StoredEvent.Origin(
                row.getString(8), row.getString(7), row.getString(9), row.getString(11), row.getString(10),
                row.getString(12), row.getString(13), row.getString(14), Instant.parse(row.getString(15)));
        return new StoredEvent(new Position(row.getInt(1), row.getLong(2)), row.getString(3), row.getString(4),
                row.getLong(5), row.getString(6), origin, Instant.parse(row.getString(16)), row.getInt(17),
                row.getString(18), row.getString(19), row.getString(20));
    }
}
