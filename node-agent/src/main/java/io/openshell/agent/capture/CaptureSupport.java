package io.openshell.agent.capture;

import io.openshell.agent.isolation.namespaces.Namespaces;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Sys;

/** Whether this kernel can show direct attempts, and in which words it is told to. */
public sealed interface CaptureSupport {
    /** In the words of its tables. */
    record Native() implements CaptureSupport {}

    /** In the words of the older tables. */
    record Borrowed() implements CaptureSupport {}

    /** It cannot, or nobody asked it to. */
    record Absent(String why) implements CaptureSupport {}

    /** Tries it in a network namespace of its own, which is gone afterwards. Some milliseconds; also loads what sealed threads run. */
    static CaptureSupport probe() {
        Trial trial = new Trial();
        NamespaceThread.run(trial, "capture-probe");
        return trial.outcome;
    }

    /** Tries one way after the other. */
    final class Trial implements Runnable {
        private static final int NEW_NETWORK = 0x40000000;
        private volatile CaptureSupport outcome = new Absent("the kernel did not answer in time");

        private Trial() {}

        @Override
        public void run() {
            try {
                io.openshell.agent.linux.Native.check("network namespace", Sys.UNSHARE, NEW_NETWORK);
                Namespaces.network();
                CaptureSupport own = tried(new Native());
                outcome = own instanceof Absent ? tried(new Borrowed()) : own;
            } catch (KernelException | LinkageError e) {
                outcome = new Absent(String.valueOf(e.getMessage()));
            }
        }

        private static CaptureSupport tried(CaptureSupport way) {
            CaptureSockets sockets = CaptureSetup.open(way);
            sockets.close();
            return sockets.present() ? way : new Absent(sockets.absent());
        }
    }
}
