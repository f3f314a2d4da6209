package io.openshell.projection.logs;

import java.time.Instant;
import java.util.Map;

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
}
