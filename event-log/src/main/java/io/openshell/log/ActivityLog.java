package io.openshell.log;

/**
 * Takes verdicts and log lines into the log, best effort: it never blocks its caller and never fails it. What cannot
 * be kept is counted.
 */
public interface ActivityLog extends AutoCloseable {
    /** Queues a record of one sandbox, or drops it and counts the drop when the queue is full. Any thread. */
    void append(String sandboxId, byte[] record);

    /** Records lost since the start, because the queue was full or the log did not take them. */
    long dropped();

    /** Waits a bounded time for the queued records; what is left counts as dropped. */
    @Override
    void close();
}
