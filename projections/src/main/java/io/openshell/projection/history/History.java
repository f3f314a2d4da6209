package io.openshell.projection.history;

import io.openshell.model.EventEnvelope;
import io.openshell.model.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Reads of whole streams from the log itself. Blocks: call it off the event loop. */
public interface History {

    /** An event and when the log took it. */
    record Entry(EventEnvelope event, Instant logTime) {}

    /**
     * Every event of the stream, oldest first; empty when it was never used.
     *
     * @throws HistoryUnavailable when the log does not answer within the deadline
     */
    List<Entry> of(StreamId stream, Duration deadline);

    /** The log did not answer. */
    final class HistoryUnavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** Says why. */
        public HistoryUnavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
