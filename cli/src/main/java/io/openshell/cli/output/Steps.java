package io.openshell.cli.output;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * Progress of something that takes a while: a spinner and a tick with the time per step on a terminal, plain lines
 * otherwise. Not thread-safe.
 */
public final class Steps implements AutoCloseable {
    private static final String[] FRAMES = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    private static final long FRAME_MS = 100;

    private final PrintStream err;
    private final boolean terminal;
    private final long began = System.nanoTime();
    private long stepBegan;
    private @Nullable String step;
    private @Nullable Thread spinner;

    /** Progress on this stream. */
    public Steps(PrintStream err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** The next step begins, and the one before is done. A step that is under way already goes on. */
    public void begin(String name) {
        if (name.equals(step)) {
            return;
        }
        done();
        step = name;
        stepBegan = System.nanoTime();
        if (terminal) {
            spinner = Thread.ofPlatform().daemon().name("spinner").start(() -> spin(name));
        } else {
            err.printf("[%.1fs] %s...%n", seconds(began), name);
            err.flush();
        }
    }

    /** The step under way is done. */
    public void done() {
        if (step == null) {
            return;
        }
        stopSpinner();
        if (terminal) {
            err.printf("\r\033[K✓ %s (%.1fs)%n", step, seconds(stepBegan));
            err.flush();
        }
        step = null;
    }

    /** The step under way did not succeed; nothing is ticked. */
    @Override
    public void close() {
        if (step != null) {
            stopSpinner();
            if (terminal) {
                err.print("\r\033[K");
                err.flush();
            }
            step = null;
        }
    }

    private void stopSpinner() {
        Thread running = spinner;
        if (running == null) {
            return;
        }
        spinner = null;
        running.interrupt();
        try {
            running.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void spin(String name) {
        try {
            for (int frame = 0; true; frame++) {
                err.print("\r\033[K" + FRAMES[frame % FRAMES.length] + " " + name);
                err.flush();
                Thread.sleep(FRAME_MS);
            }
        } catch (InterruptedException e) {
            // The step ended.
            Thread.currentThread().interrupt();
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
