package io.openshell.agent.launcher;

import io.openshell.agent.isolation.IsolationPlan;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import java.io.IOException;

/**
 * One start of a sandbox whose processes have been made: what the kernel says of them is read, and the start is written down, or it is
 * undone. The holder is started meanwhile, beside the reading.
 */
record Attempt(LaunchRequest request, IsolationPlan plan, SandboxFiles files, Ground ground, SealedThread thread) {
    private static final long STOP_MILLIS = 10_000;

    /** What became of it. */
    sealed interface Outcome {
        /** It was read back, with whatever result, and is on record. */
        record Recorded(Evidence evidence, Keeping keeping) implements Outcome {}

        /** Nothing of it is left. */
        record Undone(LaunchOutcome.Failed why) implements Outcome {}
    }

    /** @param main its process, not looked after yet */
    Outcome record(LinuxSession main) throws IOException {
        Keeping.Begun begun;
        try {
            begun = Keeping.begin(request, files, thread.initPid, thread, main);
        } catch (IOException | RuntimeException e) {
            return undone("record", main, e);
        }
        Evidence evidence;
        try {
            ground.admit(thread.pid);
            evidence = Evidence.of(thread.pid, thread.initPid, plan).with(thread.proven());
            main.keepOutput(files.output());
        } catch (IOException | RuntimeException e) {
            begun.abandon();
            return undone("verify", main, e);
        }
        try {
            return new Outcome.Recorded(evidence, begun.complete());
        } catch (IOException | RuntimeException e) {
            return undone("record", main, e); // what is not on record could not be found again after a restart
        }
    }

    private Outcome undone(String stage, LinuxSession main, Exception why) throws IOException {
        main.start(); // collects the process, without which its PID 1 cannot end
        thread.terminalFd = -1; // the session's by now
        undo();
        return new Outcome.Undone(new LaunchOutcome.Failed(stage, String.valueOf(why.getMessage())));
    }

    /** Ends what the thread has made so far. */
    void undo() throws IOException {
        Fd.close(thread.proxyFd);
        Fd.close(thread.diagFd);
        Fd.close(thread.terminalFd);
        thread.capture.close();
        if (thread.initPid > 0) {
            int handle = Processes.handle(thread.initPid);
            Processes.signal(handle, Processes.SIGKILL);
            Fd.poll(new int[] {handle}, new int[] {Fd.POLLIN}, STOP_MILLIS);
            Processes.reap(thread.initPid);
            Fd.close(handle);
        }
        files.forgetRun();
        ground.remove();
    }
}
