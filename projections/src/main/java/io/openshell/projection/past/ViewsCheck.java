package io.openshell.projection.past;

import io.openshell.log.LogRecord;
import io.openshell.log.LogUnavailable;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Folds the whole log anew and compares the result with what is served. Blocks for as long as the log is read. */
@FunctionalInterface
public interface ViewsCheck {

    /**
     * What a check found.
     *
     * @param events read
     * @param streams compared
     * @param divergence the first place where the served views differ from the events; empty when they do not
     */
    record Finding(long events, long streams, Optional<String> divergence) {}

    /**
     * Checks the served views.
     *
     * @param each also gets every record, in the order of its partition, on the calling thread
     * @throws LogUnavailable when the log was not read within the deadline
     */
    Finding check(Consumer<LogRecord> each, Duration deadline);
}
