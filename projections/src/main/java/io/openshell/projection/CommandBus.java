package io.openshell.projection;

import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import io.openshell.model.StreamId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The way in: a command goes to the log, and its outcome comes back once this process has folded it. */
public interface CommandBus {

    /**
     * Submits a command. The stage completes with what the log holds, so a read made afterwards sees it. It completes on
     * the fold's thread: what hangs on it must not block.
     *
     * <p>Fails with {@link Unavailable} when the log does not take it or nobody decides it within the deadline; the
     * command may still take effect, and retrying with the same command id is safe.
     */
    CompletionStage<Outcome> submit(CommandEnvelope command, Duration deadline);

    /** The command under this id that a call made before, as far as it is still remembered. Never blocks. */
    Optional<Earlier> earlier(CommandId id);

    /**
     * A command that a call made before.
     *
     * @param digest of that call's request
     */
    record Earlier(StreamId stream, String digest) {}

    /** The log or its deciders do not answer. */
    final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** Says why in one sentence. */
        public Unavailable(String message) {
            super(message);
        }

        /** The same, with what lies behind it. */
        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
