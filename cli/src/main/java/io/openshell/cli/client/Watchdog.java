package io.openshell.cli.client;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Closes a connection when its time is over, which ends a blocked read on any kind of socket. */
final class Watchdog implements AutoCloseable {
    private final Connection connection;
    private final @Nullable Thread thread;
    private volatile boolean fired;

    private Watchdog(Connection connection, @Nullable Duration deadline) {
        this.connection = connection;
        this.thread = deadline == null ? null : Thread.ofPlatform().daemon().name("deadline").unstarted(() -> guard(deadline));
    }

    static Watchdog over(Connection connection, @Nullable Duration deadline) {
        Watchdog watchdog = new Watchdog(connection, deadline);
        if (watchdog.thread != null) {
            watchdog.thread.start();
        }
        return watchdog;
    }

    /** Whether the deadline passed. */
    boolean fired() {
        return fired;
    }

    private void guard(Duration deadline) {
        try {
            Thread.sleep(deadline.toMillis());
            fired = true;
            connection.close();
        } catch (InterruptedException e) {
            // The call ended in time.
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The reader is woken by the close all the same and reports the deadline.
            fired = true;
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
