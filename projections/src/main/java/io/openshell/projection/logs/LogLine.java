package io.openshell.projection.logs;

import io.openshell.wire.events.UndecodableRecord;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One line a sandbox's node or gateway wrote about it.
 *
 * @param level ERROR, WARN, INFO, DEBUG, TRACE or OCSF
 * @param target what part wrote it
 * @param source "sandbox" or "gateway"
 */
public record LogLine(
        String sandboxId,
        Instant time,
        String level,
        String target,
        String message,
        String source,
        Map<String, String> fields) {
    public LogLine {
        fields = Map.copyOf(fields);
    }

    /** A line as the log holds it under a key; empty when this release cannot read it or it is about another sandbox. */
    public static Optional<LogLine> decode(String key, byte[] record) {
        try {
            return Optional.of(ActivityLine.decode(record).line()).filter(line -> line.sandboxId().equals(key));
        } catch (UndecodableRecord unreadable) {
            return Optional.empty();
        }
    }
}
