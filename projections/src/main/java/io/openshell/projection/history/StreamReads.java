package io.openshell.projection.history;

import io.openshell.log.LogRecord;
import io.openshell.log.LogUnavailable;
import java.time.Duration;
import java.util.List;

/** Reads the records of one stream from the log. Blocks up to the deadline; safe for any thread. */
@FunctionalInterface
public interface StreamReads {

    /**
     * Every committed record of the stream up to now, oldest first; of a very long stream the newest.
     *
     * @throws LogUnavailable when the log does not give them within the deadline
     */
    List<LogRecord> read(String topic, String stream, Duration deadline);
}
