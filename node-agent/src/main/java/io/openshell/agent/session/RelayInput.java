package io.openshell.agent.session;

import com.google.protobuf.ByteString;
import io.openshell.agent.runtime.ProcessSession;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway sends for a process, on its way there. One task at a time writes; about 1 MiB is read ahead so that a
 * cancel behind it is seen while the process does not read. Safe for any thread.
 */
final class RelayInput {

    /** A terminal size in characters. */
    record Size(int cols, int rows) {}

    private enum End { OPEN, ASKED, DONE }

    private static final int READ_AHEAD = 1 << 20;

    /** What an entry costs beyond its bytes, so that many tiny ones are bounded too. */
    private static final int OVERHEAD = 64;

    /** A pipe takes so much wholly or not at all, therefore a piece that was not taken can be tried again. */
    private static final int PIECE = 4_096;

    private final Lane lane;
    private final Consumer<RuntimeException> failed;
    private final Deque<ByteString> waiting = new ArrayDeque<>();
    private long held;
    private End end = End.OPEN;
    private boolean closed;
    private boolean working;
    private @Nullable Size size;
    private @Nullable ProcessSession process;
    private @Nullable Runnable resume;

    RelayInput(Lane lane, Consumer<RuntimeException> failed) {
        this.lane = lane;
        this.failed = failed;
    }

    /** The process is there; what has come before is written now. */
    synchronized void start(ProcessSession to) {
        process = to;
        wake();
    }

    /** More input; dropped after the end. */
    synchronized void bytes(ByteString more) {
        if (closed || end != End.OPEN || more.isEmpty()) {
            return;
        }
        waiting.add(more);
        held += more.size() + OVERHEAD;
        wake();
    }

    /** No more input comes. */
    synchronized void end() {
        if (end == End.OPEN) {
            end = End.ASKED;
            wake();
        }
    }

    /** The terminal's new size; overtakes input, and only the newest counts. */
    synchronized void resize(Size to) {
        size = to;
        wake();
    }

    /** Runs {@code next} now or as soon as there is room for another frame. */
    void whenRoom(Runnable next) {
        synchronized (this) {
            if (!closed && held >= READ_AHEAD) {
                resume = next;
                return;
            }
        }
        next.run();
    }

    /** Drops what was not written yet and everything that follows. */
    void close() {
        Runnable waitingFrame;
        synchronized (this) {
            closed = true;
            waiting.clear();
            held = 0;
            waitingFrame = resume;
            resume = null;
        }
        if (waitingFrame != null) {
            waitingFrame.run();
        }
    }

    private void wake() {
        if (process != null && !working && !closed) {
            working = true;
            ProcessSession to = process;
            lane.off(() -> work(to));
        }
    }

    private void work(ProcessSession to) {
        try {
            boolean more = true;
            while (more) {
                more = step(to);
            }
        } catch (RuntimeException failure) {
            failed.accept(failure);
        }
    }

    /** Does one thing; false when nothing is left to do for now. */
    private boolean step(ProcessSession to) {
        Size newest = newestSize();
        if (newest != null) {
            to.resize(newest.cols(), newest.rows());
            return true;
        }
        ByteString head = null;
        synchronized (this) {
            if (!closed) {
                head = waiting.peek();
            }
            if (head == null && (closed || end != End.ASKED)) {
                // A size that came in between is not lost: whoever set it has seen this task working.
                working = size != null && !closed;
                return working;
            }
            if (head == null) {
                end = End.DONE;
            }
        }
        if (head == null) {
            to.closeInput();
        } else {
            write(to, head);
            written(head);
        }
        return true;
    }

    private synchronized @Nullable Size newestSize() {
        Size newest = closed ? null : size;
        size = null;
        return newest;
    }

    private void write(ProcessSession to, ByteString bytes) {
        for (int at = 0; at < bytes.size(); at += PIECE) {
            byte[] piece = bytes.substring(at, Math.min(bytes.size(), at + PIECE)).toByteArray();
            boolean taken = false;
            while (!taken && !isClosed()) {
                taken = offer(to, piece);
            }
        }
    }

    /** False when the process took none of it for long: it may still come to it, and the session's end ends the wait. */
    private static boolean offer(ProcessSession to, byte[] piece) {
        try {
            to.writeInput(piece, 0, piece.length);
            return true;
        } catch (UncheckedIOException stalled) {
            // A terminal may have taken a part, which must not come twice; a full terminal drops input anyway.
            return to.tty();
        }
    }

    private void written(ByteString head) {
        Runnable waitingFrame = null;
        synchronized (this) {
            if (!closed) {
                waiting.remove();
                held -= head.size() + OVERHEAD;
                if (held <= READ_AHEAD / 2) {
                    waitingFrame = resume;
                    resume = null;
                }
            }
        }
        if (waitingFrame != null) {
            waitingFrame.run();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }
}
