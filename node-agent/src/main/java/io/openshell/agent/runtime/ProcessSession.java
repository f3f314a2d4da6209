package io.openshell.agent.runtime;

import java.util.concurrent.CompletionStage;

/** One process of a sandbox with its input and output. Thread safe. */
public interface ProcessSession {
    /**
     * Writes input; blocks while the process does not read. Input for a process that has closed its side is dropped.
     *
     * @throws java.io.UncheckedIOException when nothing was taken for 30 s
     */
    void writeInput(byte[] bytes, int offset, int length);

    /** Ends the input; on a terminal this sends the end-of-file character. */
    void closeInput();

    /**
     * Replays the retained output (at most the last 1 MiB) and then delivers live output. A listener that blocks holds the process back.
     */
    Subscription attach(OutputListener listener);

    /** Tells the terminal its size; no effect without one. */
    void resize(int cols, int rows);

    /** Sends a signal to the process group; no effect once it has ended. */
    void signal(int signo);

    /** Exit code, or 128 + signal; completes after the output was drained (at most 2 s after the process's end). */
    CompletionStage<Integer> exit();

    /** Whether the process has a terminal. */
    boolean tty();
}
