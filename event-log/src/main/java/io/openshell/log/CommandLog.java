package io.openshell.log;

import java.util.concurrent.CompletionStage;

/** Takes commands into the log. Any thread may append; what is under way is bounded in number and in time. */
public interface CommandLog extends AutoCloseable {
    /**
     * Appends a command to its stream without blocking.
     *
     * @return its position once the log holds it durably, or a failure with {@link LogUnavailable} when too many are
     *     under way or the acknowledgement does not come within the deadline. Completes on a thread of the log: do
     *     not block it.
     */
    CompletionStage<Position> append(String stream, byte[] command);

    /** Waits a bounded time for what is under way, then fails the rest. */
    @Override
    void close();
}
