package io.openshell.projection.logs;

import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.wire.events.Times;
import io.openshell.wire.events.UndecodableRecord;
import io.openshell.wire.events.v1.ActivityRecord;
import java.time.DateTimeException;
import java.util.Map;

/**
 * A decoded record of the activity topic.
 *
 * @param writer who wrote it, for example {@code node:local}
 * @param sequence its number among the lines this writer wrote about this sandbox
 */
record ActivityLine(String writer, long sequence, LogLine line) {

    /** Characters of a message at the most; the rest is cut off. */
    static final int MOST_MESSAGE = 16_384;

    /** Fields of a line at the most; a line with more keeps none. */
    static final int MOST_FIELDS = 64;

    /**
     * From the log.
     *
     * @throws UndecodableRecord when this release cannot read it
     */
    static ActivityLine decode(byte[] bytes) {
        try {
            ActivityRecord in = ActivityRecord.parseFrom(bytes);
            String message = in.getMessage().length() > MOST_MESSAGE
                    ? in.getMessage().substring(0, MOST_MESSAGE) + " …"
                    : in.getMessage();
            Map<String, String> fields = in.getFieldsCount() > MOST_FIELDS ? Map.of() : in.getFieldsMap();
            return new ActivityLine(in.getAssertedBy(), in.getSequence(), new LogLine(
                    in.getSandboxId(), Times.decode(in.getTime()), in.getLevel(), in.getTarget(), message,
                    in.getAssertedBy().startsWith("gateway:") ? "gateway" : "sandbox", fields));
        } catch (InvalidProtocolBufferException | DateTimeException | ArithmeticException e) {
            throw new UndecodableRecord("an activity record", e);
        }
    }

    /** A line in this one's place that tells of lines lost before it. */
    LogLine lost(long count) {
        return new LogLine(line.sandboxId(), line.time(), "WARN", "activity",
                count + " lines of " + writer + " were lost", line.source(), Map.of("lost", Long.toString(count)));
    }
}
