package io.openshell.agent.launcher;

import java.io.IOException;

/**
 * One process for good: numbers are used again, a number with a start time is not (until the machine starts again).
 *
 * @param start clock ticks since the machine started
 */
record ProcessMark(int pid, String start) {

    /** Of a process that exists, ended or not. */
    static ProcessMark of(int pid) throws IOException {
        return new ProcessMark(pid, ProcFiles.stat(pid).orElseThrow(() -> new IOException("process " + pid + " is gone")).start());
    }

    /** Whether it is still there under its number, if only to be reaped. */
    boolean there() throws IOException {
        return ProcFiles.stat(pid).map(ProcFiles.Stat::start).filter(start::equals).isPresent();
    }

    /** Whether this very process still runs. */
    boolean runs() throws IOException {
        return ProcFiles.startTime(pid).filter(start::equals).isPresent();
    }
}
