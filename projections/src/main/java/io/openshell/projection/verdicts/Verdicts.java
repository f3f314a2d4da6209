package io.openshell.projection.verdicts;

import io.openshell.projection.history.History.HistoryUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads of recorded decisions. May read the log itself and blocks then: call it off the event loop. */
public interface Verdicts {

    /**
     * One decision; empty when the log does not hold it, or not any more.
     *
     * @throws HistoryUnavailable when the log does not answer within the deadline
     */
    Optional<VerdictLine> find(String decisionId, Duration deadline);

    /**
     * Decisions about one sandbox, oldest first, also of one that is gone.
     *
     * @throws HistoryUnavailable when the log does not answer within the deadline
     */
    Read of(String sandboxId, Duration deadline);

    /**
     * What was read.
     *
     * @param truncated whether there is more than was read; the newest were
     */
    record Read(List<VerdictLine> lines, boolean truncated) {
        /** Keeps a copy. */
        public Read {
            lines = List.copyOf(lines);
        }
    }
}
