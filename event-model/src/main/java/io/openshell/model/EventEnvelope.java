package io.openshell.model;

/**
 * An event with everything the log knows about it.
 *
 * @param eventId unique
 * @param version position in the stream, from 1, without gaps
 * @param context of the command that caused it
 * @param schemaVersion of the event's body
 * @param remaining how many further events the same command caused; 0 for its last one
 * @param previousHash lower-case hex SHA-256 of the encoded event before this one in the stream, empty for the first
 */
public record EventEnvelope(
        String eventId,
        StreamId stream,
        long version,
        Context context,
        int schemaVersion,
        int remaining,
        String previousHash,
        Event event) {}
