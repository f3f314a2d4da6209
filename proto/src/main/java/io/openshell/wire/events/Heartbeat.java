package io.openshell.wire.events;

import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.model.StreamId;
import io.openshell.wire.events.v1.ActivityRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * A sign of life of a node: a record of {@code openshell.activity} under the node's own name. It goes with the activity, not
 * with the events, because only its absence means something.
 *
 * @param incarnation of the agent that gives it
 */
public record Heartbeat(String nodeId, String incarnation) {

    private static final String TARGET = "heartbeat";

    /** The key it stands under. */
    public String key() {
        return StreamId.node(nodeId).toString();
    }

    /** To the log. */
    public byte[] encode(Instant time) {
        return ActivityRecord.newBuilder()
                .setSandboxId(key())
                .setAssertedBy("node:" + nodeId)
                .setTime(Times.encode(time))
                .setLevel("TRACE")
                .setTarget(TARGET)
                .setMessage(incarnation)
                .build()
                .toByteArray();
    }

    /** From the log; empty for anything else. */
    public static Optional<Heartbeat> decode(String key, byte[] bytes) {
        try {
            ActivityRecord record = ActivityRecord.parseFrom(bytes);
            String nodes = StreamId.node("").toString();
            boolean fits = record.getTarget().equals(TARGET) && record.getSandboxId().equals(key) && key.startsWith(nodes);
            return fits
                    ? Optional.of(new Heartbeat(key.substring(nodes.length()), record.getMessage()))
                    : Optional.empty();
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }
}
