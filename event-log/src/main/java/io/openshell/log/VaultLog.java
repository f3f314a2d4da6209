package io.openshell.log;

import java.util.concurrent.CompletionStage;

/** Keeps the newest record under each name, and none under a name that was destroyed. It sees sealed bytes only. Any thread. */
public interface VaultLog extends AutoCloseable {
    /**
     * Keeps the bytes under the name, in place of those before.
     *
     * @return done once the log holds them durably; fails with {@link LogUnavailable}. Completes on a thread of the log: do
     *     not block it.
     */
    CompletionStage<Void> put(String name, byte[] sealed);

    /** Destroys what is kept under the name; the log forgets the bytes when it next cleans up. Else as {@link #put}. */
    CompletionStage<Void> destroy(String name);

    /** Waits a bounded time for what is under way. */
    @Override
    void close();
}
