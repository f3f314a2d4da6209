package io.openshell.agent.session;

import io.openshell.agent.runtime.ProcessSession;

/** Ends a process that nobody waits for any more: asks it to stop, and kills its group when it has not after a while. */
final class Termination {

    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final long GRACE_MILLIS = 2_000;

    /** Long enough for the runtime to collect what is left of the output of a killed process. */
    private static final long LIMIT_MILLIS = 8_000;

    private final Lane lane;
    private final ProcessSession process;
    private Runnable cancelKill = () -> {};
    private Runnable cancelLimit = () -> {};

    private Termination(Lane lane, ProcessSession process) {
        this.lane = lane;
        this.process = process;
    }

    /** Starts on the session's context; {@code gaveUp} runs there when the process is still there after ten seconds. */
    static Termination begin(Lane lane, ProcessSession process, Runnable gaveUp) {
        Termination started = new Termination(lane, process);
        lane.off(() -> process.signal(SIGTERM));
        started.cancelKill = lane.later(GRACE_MILLIS, started::kill);
        started.cancelLimit = lane.later(GRACE_MILLIS + LIMIT_MILLIS, gaveUp);
        return started;
    }

    private void kill() {
        lane.off(() -> process.signal(SIGKILL));
    }

    /** The process has ended. */
    void done() {
        cancelKill.run();
        cancelLimit.run();
    }
}
