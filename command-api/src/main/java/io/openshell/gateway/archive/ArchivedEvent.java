package io.openshell.gateway.archive;

import io.openshell.log.LogRecord;
import io.openshell.model.Event;
import io.openshell.projection.history.store.StoredEvent;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;

/**
 * One event as the archive keeps it. Two gateways make the same of the same record, so that what both append stands there once.
 *
 * @param stream {@code sandbox-default/demo} for the stream {@code sandbox/default/demo}: what stands before the first hyphen is the
 *     category by which the store groups streams
 * @param revision where in that stream, from 0; empty when it may stand anywhere
 * @param id made from the record's bytes and its place in the log
 * @param data the event's own fields as JSON, without private values
 * @param metadata the envelope as JSON; {@code $correlationId} and {@code $causationId} are names the store knows
 */
record ArchivedEvent(String stream, OptionalLong revision, UUID id, String type, byte[] data, byte[] metadata) {

    private static final String ASIDE = "openshell_aside-";

    /** What the archive keeps of a record of the log; of one that cannot be read it keeps that, set aside. */
    static ArchivedEvent of(LogRecord record, Function<Event, String> body) {
        StoredEvent event = StoredEvent.of(record, body);
        String hash = sha256(record.value());
        UUID id = UUID.nameUUIDFromBytes((record.position() + " " + hash).getBytes(StandardCharsets.UTF_8));
        JsonObject metadata = metadata(event).put("record_sha256", hash);
        if (event.type().equals(StoredEvent.UNREADABLE)) {
            return new ArchivedEvent(ASIDE + event.position().partition(), OptionalLong.empty(), id, event.type(),
                    bytes(event.body()), bytes(metadata.put("aside", event.summary()).encode()));
        }
        return new ArchivedEvent(event.stream().replaceFirst("/", "-"), OptionalLong.of(event.version() - 1), id,
                event.type(), bytes(event.body()), bytes(metadata.encode()));
    }

    /** The same event for the stream of those that do not fit where they belong. */
    ArchivedEvent setAside(String why) {
        JsonObject all = new JsonObject(new String(metadata, StandardCharsets.UTF_8)).put("aside", why);
        return new ArchivedEvent(ASIDE + all.getInteger("partition"), OptionalLong.empty(), id, type, data, bytes(all.encode()));
    }

    private static JsonObject metadata(StoredEvent event) {
        StoredEvent.Origin origin = event.origin();
        return new JsonObject()
                .put("$correlationId", origin.correlationId())
                .put("$causationId", origin.commandId())
                .put("event_id", event.eventId())
                .put("stream", event.stream())
                .put("version", event.version())
                .put("schema_version", event.schemaVersion())
                .put("previous_hash", event.previousHash())
                .put("actor", origin.actor())
                .put("actor_kind", origin.actorKind())
                .put("authenticated_by", origin.authenticatedBy())
                .put("asserted_by", origin.assertedBy())
                .put("origin_address", origin.address())
                .put("trace_id", origin.traceId())
                .put("origin_time", origin.time().toString())
                .put("log_time", event.logTime().toString())
                .put("partition", event.position().partition())
                .put("offset", event.position().offset())
                .put("summary", event.summary());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
