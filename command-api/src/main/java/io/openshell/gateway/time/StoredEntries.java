package io.openshell.gateway.time;

import com.google.protobuf.Timestamp;
import io.openshell.projection.history.store.StoredEvent;
import io.openshell.wire.control.v1.EventActor;
import io.openshell.wire.control.v1.HistoryEntry;
import java.time.Instant;

/** Rows of the history store as wire messages. Pure. */
final class StoredEntries {

    private StoredEntries() {}

    static HistoryEntry message(StoredEvent event) {
        StoredEvent.Origin origin = event.origin();
        return HistoryEntry.newBuilder()
                .setEventId(event.eventId())
                .setStream(event.stream())
                .setVersion(event.version())
                .setType(event.type())
                .setSummary(event.summary())
                .setTime(timestamp(origin.time()))
                .setLogTime(timestamp(event.logTime()))
                .setActor(EventActor.newBuilder()
                        .setKind(origin.actorKind())
                        .setSubject(origin.actor())
                        .setAuthenticatedBy(origin.authenticatedBy()))
                .setCommandId(origin.commandId())
                .setCorrelationId(origin.correlationId())
                .setTraceId(origin.traceId())
                .setOriginAddress(origin.address())
                .setAssertedBy(origin.assertedBy())
                .setSchemaVersion(event.schemaVersion())
                .setPreviousHash(event.previousHash())
                .setBodyJson(event.body())
                .build();
    }

    static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()).build();
    }

    static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
