package io.openshell.projection.history.store;

import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.model.Context;
import io.openshell.model.Event;
import io.openshell.model.EventEnvelope;
import io.openshell.model.history.Summary;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.UndecodableRecord;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;

/**
 * One row of the history store.
 *
 * @param type name of the event; {@link #UNREADABLE} for a record this release cannot read
 * @param body the event's own fields as a JSON object, without private values
 */
public record StoredEvent(
        Position position,
        String eventId,
        String stream,
        long version,
        String type,
        Origin origin,
        Instant logTime,
        int schemaVersion,
        String previousHash,
        String summary,
        String body) {

    /** Type of a record that this release cannot read. */
    public static final String UNREADABLE = "Unreadable";

    /**
     * Who caused it, and how that is known.
     *
     * @param actorKind in lower case
     */
    public record Origin(
            String actorKind,
            String actor,
            String authenticatedBy,
            String commandId,
            String correlationId,
            String traceId,
            String address,
            String assertedBy,
            Instant time) {

        static Origin of(Context context) {
            return new Origin(
                    context.actor().kind().name().toLowerCase(Locale.ROOT), context.actor().subject(),
                    context.actor().authenticatedBy(), context.commandId().value(), context.correlationId(),
                    context.traceId(), context.originAddress(), context.assertedBy(), context.time());
        }
    }

    /** The row of a record; never fails: a record that cannot be read has a row that says so. */
    public static StoredEvent of(LogRecord record, Function<Event, String> body) {
        try {
            EventEnvelope event = EventCodec.decode(record.value());
            return new StoredEvent(record.position(), event.eventId(), event.stream().toString(), event.version(),
                    event.event().getClass().getSimpleName(), Origin.of(event.context()), record.logTime(),
                    event.schemaVersion(), event.previousHash(), Summary.of(event.event()), body.apply(event.event()));
        } catch (UndecodableRecord e) {
            Origin nobody = new Origin("", "", "", "", "", "", "", "", record.logTime());
            return new StoredEvent(record.position(), "", String.valueOf(record.key()), 0, UNREADABLE, nobody,
                    record.logTime(), 0, "", "cannot be read by this release: " + e.getMessage(), "{}");
        }
    }
}
