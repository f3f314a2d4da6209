package io.openshell.log;

import java.time.Instant;

/**
 * One record as the log holds it. The bytes are shared, not copied, and must not be changed by a reader.
 *
 * @param position where it stands
 * @param logTime when the log took it, by the log's clock
 * @param key the stream it belongs to
 * @param value the encoded command or event
 */
public record LogRecord(Position position, Instant logTime, String key, byte[] value) {
    @Override
    public String toString() {
        return "LogRecord[" + position + ", " + logTime + ", " + key + ", " + value.length + " bytes]";
    }
}
