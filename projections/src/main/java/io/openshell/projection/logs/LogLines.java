package io.openshell.projection.logs;

import io.openshell.projection.Subscription;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads of the log lines; the newest 2,000 of each sandbox are kept at hand. Never blocks; safe for any thread. */
public interface LogLines {

    /** Newest lines kept per sandbox. */
    int CAPACITY = 2_000;

    /** At most {@code count} newest lines, oldest first. */
    List<LogLine> newest(String sandboxId, int count);

    /** The line that records this decision of a proxy, when it is among the lines at hand. */
    Optional<LogLine> decision(String decisionId);

    /** Tells about every new line of this sandbox, on the fold's thread: listeners must not block. */
    Subscription follow(String sandboxId, Consumer<LogLine> listener);
}
