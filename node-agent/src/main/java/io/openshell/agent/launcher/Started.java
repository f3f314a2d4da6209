package io.openshell.agent.launcher;

import io.openshell.agent.linux.KernelException;
import org.jspecify.annotations.Nullable;

/** What a sealed thread left behind: a session, or why there is none. */
record Started(@Nullable LinuxSession session, @Nullable String failure) {

    /** Runs the thread. The session's output thread is not started yet, so the process cannot have been reaped. */
    static Started from(SealedThread thread, Streams streams, boolean tty, boolean keepLatest) {
        try {
            thread.runToEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Started(null, "interrupted");
        }
        Throwable failure = thread.failure;
        if (failure != null) {
            return new Started(null, failure instanceof KernelException ? failure.getMessage() : failure.toString());
        }
        int[] fds = tty ? new int[] {thread.terminalFd, thread.terminalFd, -1} : streams.release();
        return new Started(new LinuxSession(thread.pid, fds, tty, keepLatest), null);
    }
}
