package io.openshell.agent.capture;

import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Sys;

/** Makes the sockets of a sandbox that an earlier agent started; those of that agent ended with it. */
public final class CaptureAgain implements Runnable {
    private static final int NETWORK = 0x40000000;
    private final int initHandle;
    private final CaptureSupport support;
    private volatile CaptureSockets made = CaptureSockets.none("its network namespace could not be entered in time");

    private CaptureAgain(int initHandle, CaptureSupport support) {
        this.initHandle = initHandle;
        this.support = support;
    }

    /** In the network namespace of the process behind the handle. Blocks for a millisecond, for five seconds at most. */
    public static CaptureSockets in(int initHandle, CaptureSupport support) {
        CaptureAgain again = new CaptureAgain(initHandle, support);
        NamespaceThread.run(again, "capture-again");
        return again.made;
    }

    @Override
    public void run() {
        try {
            Native.check("enter network namespace", Sys.SETNS, initHandle, NETWORK);
            made = CaptureSetup.again(support);
        } catch (KernelException e) {
            made = CaptureSockets.none(String.valueOf(e.getMessage()));
        }
    }
}
