package io.openshell.agent.linux;

/**
 * Tables of descriptors that single threads have to themselves. A program that is started gets a copy of the starting thread's table,
 * and closes it: an agent's has a dozen entries for each sandbox.
 */
public final class DescriptorTable {
    private static final int AGENT = (int) ProcessHandle.current().pid();
    private static final int UNSHARE = 2;
    /**
     * The JVM reads classes through descriptors that it opened when it started, on whichever thread needs one, and does not survive that
     * they are not there.
     */
    private static final int OF_THE_JVM = 256;
    /** Above the numbers under which a program finds what it is handed. */
    private static final int ABOVE = 64;
    private static final long LAST = 0xffff_ffffL;
    private static final boolean POSSIBLE = possible();

    private DescriptorTable() {}

    /**
     * Leaves the calling thread for good with a table that has only the JVM's part of the agent's and copies of these; what it opens from
     * then on only it has. It should end soon. Where the kernel does not allow this, all stays as it is.
     *
     * @param wanted descriptors of the agent
     * @return their numbers in the new table, in this order, none below 64; closed on exec
     * @throws KernelException when one of them is not open
     */
    public static int[] own(int... wanted) {
        if (!POSSIBLE) {
            return wanted;
        }
        Native.check("own descriptor table", Sys.CLOSE_RANGE, OF_THE_JVM, LAST, UNSHARE);
        int agent = Processes.handle(AGENT);
        int[] mine = new int[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            int copy = Processes.descriptor(agent, wanted[i]);
            mine[i] = Fd.copy(copy, ABOVE);
            Fd.close(copy);
        }
        Fd.close(agent);
        return mine;
    }

    /** Asked with calls that change nothing: a filter around the agent may refuse any of them. */
    private static boolean possible() {
        long agent = Native.call(Sys.PIDFD_OPEN, AGENT, 0);
        if (agent < 0) {
            return false;
        }
        long copy = Native.call(Sys.PIDFD_GETFD, agent, agent, 0);
        Fd.close((int) copy);
        Fd.close((int) agent);
        return copy >= 0 && Native.call(Sys.CLOSE_RANGE, LAST, OF_THE_JVM, UNSHARE) == -Errno.EINVAL;
    }
}
