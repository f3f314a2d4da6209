package io.openshell.cli.output;

import java.io.PrintStream;

/** How far something is: a bar on a terminal, a line per tenth otherwise. Not thread-safe. */
public final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final int TENTH = 10;

    private final PrintStream err;
    private final boolean terminal;
    private final String name;
    private int shown = -1;

    /** A bar on this stream. */
    public ProgressBar(PrintStream err, boolean terminal, String name) {
        this.err = err;
        this.terminal = terminal;
        this.name = name;
    }

    /** So much of all is done. */
    public void at(long done, long total) {
        int percent = total == 0 ? 100 : (int) (100 * Math.min(done, total) / total);
        int step = terminal ? percent : percent / TENTH * TENTH;
        if (step == shown) {
            return;
        }
        shown = step;
        if (terminal) {
            int full = WIDTH * percent / 100;
            err.print("\r\033[K" + name + " [" + "#".repeat(full) + " ".repeat(WIDTH - full) + "] " + percent + "%");
        } else {
            err.println(name + ": " + step + "%");
        }
        err.flush();
    }

    @Override
    public void close() {
        if (terminal && shown >= 0) {
            err.println();
            err.flush();
        }
    }
}
